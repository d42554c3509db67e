"""Delimited text of every shape: encoding and delimiter are found, good rows kept, each damaged line is named."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.files.csv_record import is_open, split_record, split_stray
from sources.files.delimited import open_delimited
from sources.files.source import Source, SourceRow, UnreadableError
from sources.logs.header import find_header
from sources.logs.profile import load_profiles
from sources.logs.rows import RowSorter
from tests.support.legacy_bytes import LEGACY_BYTES
from tests.support.office import HEADINGS, PLAN_FOLDER, csv_of, log

SPECTRUM = Path(__file__).parents[3] / "shared" / "data" / "csv_spectrum"
ONE_STOP = load_profiles(PLAN_FOLDER)[0]
CELL = st.text(st.sampled_from('ab ,;"\r\né'), max_size=6)
TABLE = """
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 08:00:00 | 26/01/2022 | 20/01/2022
H32.15-220106-0002 | 1.003676 | QLVHGD | BCCI       | Đang xử lý    | 06/01/2022 08:00:00 | 28/03/2022 |
"""


def opened(folder: Path, content: bytes) -> tuple[Source, list[SourceRow]]:
    path = folder / "so.csv"
    path.write_bytes(content)
    source = open_delimited(path)
    return source, [row for batch in source.batches for row in batch]


@pytest.mark.skipif(not SPECTRUM.exists(), reason="../shared/data/csv_spectrum is absent")
def test_csv_spectrum_is_read_as_its_json_says(tmp_path: Path) -> None:
    files = sorted((SPECTRUM / "csvs").glob("*.csv"))
    assert len(files) == 11
    for file in files:
        content = file.read_bytes()
        if file.stem.endswith("_crlf"):
            # The copy lost the carriage returns that its name and its JSON speak of.
            content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        source, rows = opened(tmp_path, content)
        headings, *data = [row.cells for row in rows if any(row.cells)]
        expected = json.loads((SPECTRUM / "json" / f"{file.stem}.json").read_bytes())
        assert [dict(zip(headings, cells, strict=True)) for cells in data] == expected, file.name
        assert (source.delimiter, [row.damage for row in rows if row.damage]) == (",", []), file.name


@given(st.lists(CELL, min_size=1, max_size=5))
def test_whatever_was_written_as_a_record_is_read_as_it_was(cells: list[str]) -> None:
    record = ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells)
    assert split_record(record, ",") == cells
    assert not is_open(record, ",")
    assert is_open(record[:-1], ",")


def test_quotes_inside_a_field_that_is_not_quoted_are_read_in_one_way_or_not_at_all() -> None:
    assert split_stray('1,Công ty "Thử, Nghiệm",x', ",") is None
    assert split_stray('1,Công ty "Thử" Nghiệm,"a, ""b"""', ",") == ["1", 'Công ty "Thử" Nghiệm', 'a, "b"']
    for text in ('1,a"b,x', '1,"ab"c,x', '1,"ab,x', '"a"b"'):
        assert split_stray(text, ",") is None


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"), ("windows-1258", "windows-1258"), ("tcvn3", "tcvn3"), ("vni", "vni"),
    ],
)  # fmt: skip
def test_encoding_and_delimiter_are_found(delimiter: str, encoding: str, name: str, tmp_path: Path) -> None:
    text = log(TABLE).decode().replace(",", delimiter)
    encode: Callable[[str], bytes] = LEGACY_BYTES.get(encoding, lambda text: text.encode(encoding))
    source, rows = opened(tmp_path, encode(text))
    assert (source.encoding, source.delimiter, source.usual_width) == (name, delimiter, len(HEADINGS))
    read = [delimiter.join(row.cells) for row in rows]
    # TCVN3 has no accented capitals.
    folded = str.casefold if encoding == "tcvn3" else str
    assert [folded(line) for line in read] == [folded(line) for line in text.splitlines()]


def test_a_few_damaged_bytes_make_no_other_encoding(tmp_path: Path) -> None:
    whole = log(TABLE)
    place = whole.index("Trực tuyến".encode()) + 2
    source, rows = opened(tmp_path, whole[:place] + whole[place + 1 :])
    assert source.encoding == "utf-8"
    other = whole.decode().splitlines()[-1]
    assert ",".join(rows[-1].cells) == other


def test_words_that_offices_wrote_before_unicode(tmp_path: Path) -> None:
    motto = "Số hồ sơ,Trạng thái\n1,Cộng hòa xã hội chủ nghĩa Việt Nam\n"
    for written in (
        "Sè hå s¬,Tr¹ng th¸i\n1,Céng hßa x· héi chñ nghÜa ViÖt Nam\n",
        "Soá hoà sô,Traïng thaùi\n1,Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\n",
    ):
        _, rows = opened(tmp_path, written.encode("latin-1"))
        assert [",".join(row.cells) for row in rows] == motto.splitlines()


def test_decimal_commas_do_not_part_what_semicolons_part(tmp_path: Path) -> None:
    source, rows = opened(tmp_path, b"a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n")
    assert source.delimiter == ";"
    assert rows[1].cells == ["1,5", "2,5", "3,5"]


@pytest.mark.parametrize("content", ["番号,状態\n1,処理中\n".encode("shift_jis"), bytes(range(128, 256)) * 4])
def test_bytes_that_give_no_vietnamese_are_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="save it as CSV UTF-8"):
        opened(tmp_path, content)


def test_a_quote_that_never_closes_swallows_no_row_below(tmp_path: Path) -> None:
    lines = ["a,b,c", '1,"Số 1, đường,x', *(f'{n},"Số {n}, đường",x' for n in range(2, 300))]
    _, rows = opened(tmp_path, "\n".join(lines).encode())
    assert [(row.number, row.damage) for row in rows if row.damage] == [(2, "quotes")]
    assert [row.cells[0] for row in rows] == ["a", *map(str, range(1, 300))]


def test_a_cell_of_several_lines_is_one_row_with_the_number_of_its_first_line(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, b'a,b,c\r\n1,"x\r\n\r\ny ""z""",3\r\n4,5,6\r\n')
    assert [(row.number, row.cells) for row in rows] == [
        (1, ["a", "b", "c"]), (2, ["1", 'x\r\n\r\ny "z"', "3"]), (5, ["4", "5", "6"])
    ]  # fmt: skip


# --- One line of a clean log damaged, in every way and at every place -------------------------------------------------

ROW_COUNT = 7
WIDE = (*HEADINGS, "Địa chỉ")
CLEAN = [
    [
        f"H32.15-2201{n:02d}-0001", "1.003654", "QLVHGD", "Trực tuyến", "Đang xử lý", f"{n:02d}/01/2022", "28/03/2022", "",
        f"Số {n}, đường Thử Nghiệm",
    ]
    for n in range(5, 5 + ROW_COUNT)
]  # fmt: skip


def quoted(cells: list[str]) -> list[str]:
    """Return the fields as they stand in the file: quoted where they must be."""
    return [f'"{cell}"' if "," in cell else cell for cell in cells]


def edited(fields: list[str], at: int, change: Callable[[str], str]) -> str:
    return ",".join([*fields[:at], change(fields[at]), *fields[at + 1 :]])


def halved(text: str, between: str) -> str:
    return text[: len(text) // 2] + between + text[len(text) // 2 :]


# What happens to the field at a place; each gives the whole line.
WAYS: dict[str, Callable[[list[str], int], str]] = {
    "quote before": lambda fields, at: edited(fields, at, lambda f: '"' + f),
    "quote after": lambda fields, at: edited(fields, at, lambda f: f + '"'),
    "quote inside": lambda fields, at: edited(fields, at, lambda f: halved(f, '"')),
    "two quotes inside": lambda fields, at: edited(fields, at, lambda f: halved(f, '"x" y')),
    "three quotes before": lambda fields, at: edited(fields, at, lambda f: '"""' + f),
    "text after the closing quote": lambda fields, at: edited(fields, at, lambda f: f'"{f}"x'),
    "quotes lost": lambda fields, at: edited(fields, at, lambda f: f.strip('"').replace(",", ",x,")),
    "opening quote lost": lambda fields, at: edited(fields, at, lambda f: f.lstrip('"') + '"'),
    "closing quote lost": lambda fields, at: edited(fields, at, lambda f: '"' + f.rstrip('"')),
    "space before the quote": lambda fields, at: edited(fields, at, lambda f: ' "' + f.strip('"') + '"'),
    "delimiter too many before": lambda fields, at: edited(fields, at, lambda f: "," + f),
    "delimiter too many after": lambda fields, at: edited(fields, at, lambda f: f + ","),
    "field lost": lambda fields, at: ",".join([*fields[:at], *fields[at + 1 :]]),
    "field doubled": lambda fields, at: ",".join([*fields[: at + 1], *fields[at:]]),
    "delimiter lost": lambda fields, at: ",".join(fields[: max(at, 1)]) + ",".join(fields[max(at, 1) :]),
    "another delimiter": lambda fields, at: ",".join(fields[: max(at, 1)]) + ";" + ",".join(fields[max(at, 1) :]),
    "other delimiters": lambda fields, at: ";".join(fields),
    "cut off": lambda fields, at: ",".join(fields[: max(at, 1)]),
    "cut off inside": lambda fields, at: ",".join([*fields[:at], fields[at][: (len(fields[at]) + 1) // 2]]),
    "line feed inside": lambda fields, at: edited(fields, at, lambda f: "\n" + f),
    "carriage return inside": lambda fields, at: edited(fields, at, lambda f: "\r" + f),
    "nul inside": lambda fields, at: edited(fields, at, lambda f: halved(f, "\0")),
    "nul before": lambda fields, at: edited(fields, at, lambda f: "\0" + f),
    "broken byte": lambda fields, at: edited(fields, at, lambda f: halved(f, "\udcff")),
    "the whole line quoted": lambda fields, at: '"' + ",".join(fields).replace('"', '""') + '"',
    "two lines in one": lambda fields, at: ",".join([*fields, *fields[at:], *fields[:at]]),
    "empty quotes before": lambda fields, at: edited(fields, at, lambda f: '""x' + f),
}  # fmt: skip


@dataclass(frozen=True)
class Damaged:
    """A log of which one line was damaged: line numbers count from 1, the header has the first."""

    way: str
    row: int
    end: str
    lines: list[str]

    @property
    def content(self) -> bytes:
        return "".join(line + self.end for line in self.lines).encode("utf-8", "surrogateescape")

    @property
    def numbers(self) -> range:
        """The numbers of the physical lines that the damaged one has become."""
        begins = self.row + 2
        return range(begins, begins + 1 + sum(self.lines[self.row + 1].count(end) for end in "\r\n"))


def damaged_logs() -> Iterator[Damaged]:
    """Yield every way at the first, a middle and the last row, at every column, in three styles of file."""
    rng = random.Random(2022)
    for end, is_all_quoted in (("\n", False), ("\r\n", False), ("\n", True)):
        clean = [[f'"{cell}"' for cell in cells] if is_all_quoted else quoted(cells) for cells in CLEAN]
        for way, damage in WAYS.items():
            for row in (0, rng.randrange(1, ROW_COUNT - 1), ROW_COUNT - 1):
                for column in range(len(WIDE)):
                    lines = [",".join(WIDE), *map(",".join, clean)]
                    lines[row + 1] = damage(clean[row], column)
                    yield Damaged(way, row, end, lines)


def test_no_damaged_line_passes_silently_and_no_other_row_is_lost(tmp_path: Path) -> None:
    count = 0
    for one in damaged_logs():
        count += 1
        source, rows = opened(tmp_path, one.content)
        header = find_header(ONE_STOP, rows)
        assert header is not None
        found = RowSorter(source, ONE_STOP, header, rows[:1]).sort(rows)
        kept = {row.number: row.cells for row in found.data}
        # Lines below a line that was torn apart stand lower by what was torn off.
        moved = len(one.numbers) - 1
        others = {at + 2 + moved * (at > one.row): cells for at, cells in enumerate(CLEAN) if at != one.row}
        assert {number: kept.get(number) for number in others} == others, one
        reported = {failure.row for failure in found.failures}
        silent = [n for n in one.numbers if n in kept and n not in reported and kept[n] != CLEAN[one.row]]
        assert not silent, one
        assert reported <= set(one.numbers), one
        lost = set(one.numbers) - kept.keys() - reported
        assert all(fate.reason == "blank" for fate in found.fates if fate.row in lost), one
        assert reported or CLEAN[one.row] in (kept.get(number) for number in one.numbers), one
        assert len(rows) == len(found.data) + len(found.fates)
    assert len(WAYS) >= 20
    assert count >= 2_000


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_bytes(csv_of([WIDE]) + csv_of([CLEAN[0]]) * 250_000)
    source = open_delimited(path)
    assert max(len(batch) for batch in source.batches) == 100_000
