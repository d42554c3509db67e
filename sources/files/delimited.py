"""Which rows does a file of delimited text hold, and which of its lines are damaged?

Encoding and delimiter are found. A line is a record, or the beginning of one whose quoted field goes on below; a line
that is neither is damaged, and reading goes on with the next line: a quote that was never closed swallows nothing.
"""

import io
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from sources.files.csv_record import is_open, split_record, split_stray
from sources.files.encoding import UNKNOWN, Encoding, find_encoding, text_blocks
from sources.files.source import Damage, Source, SourceRow, UnreadableError, batched

SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 2_000
_LONGEST_LINE = 1 << 22
# A quoted field over more lines or characters than this is one that was never closed.
_JOINED_LINES = 100
_JOINED_CHARACTERS = 1 << 17
# Where another delimiter cuts this share of the lines alike, a comma between digits is a decimal comma.
_CLEAR_SHARE = 0.9


@dataclass(frozen=True)
class Dialect:
    """What stands between the cells, and how many of them most lines have."""

    delimiter: str
    width: int


def _lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """Yield the lines with their ends (CR LF, LF or CR), decoded to NFC."""
    rest = ""
    for block in text_blocks(path, encoding.codec):
        # A CR at the end may be the first half of a line end, so it waits for the next block.
        cut = max(block.rfind("\n"), block.rfind("\r", 0, -1)) + 1
        if not cut:
            rest += block
            if len(rest) > _LONGEST_LINE:
                raise UnreadableError(
                    f"Tệp có dòng dài hơn {_LONGEST_LINE} ký tự"
                    f" / The file has a line of more than {_LONGEST_LINE} characters"
                )
            continue
        yield from io.StringIO(encoding.decode(rest + block[:cut]), newline="")
        rest = block[cut:]
    yield from io.StringIO(encoding.decode(rest), newline="")


def _widths(lines: Sequence[str], delimiter: str) -> Counter[int]:
    """Count the lines by their number of cells, where they have more than one."""
    records = (split_record(line, delimiter) for line in lines)
    return Counter(len(cells) for cells in records if cells is not None and len(cells) > 1)


def _without_decimal_commas(line: str) -> str:
    parts = line.split(",")
    kept = parts[0]
    for part in parts[1:]:
        kept += ("" if kept[-1:].isdigit() and part[:1].isdigit() else ",") + part
    return kept


def find_dialect(lines: Sequence[str]) -> Dialect:
    """Find the delimiter that cuts most lines into the same number of cells, and into more of them than any other."""
    filled = [text for line in lines if (text := line.rstrip("\r\n")).strip()]
    widths = {delimiter: _widths(filled, delimiter) for delimiter in _DELIMITERS}
    alike = {delimiter: max(counted.values(), default=0) for delimiter, counted in widths.items()}
    if any(alike[other] >= _CLEAR_SHARE * len(filled) for other in ";\t|" if filled):
        widths[","] = _widths([_without_decimal_commas(line) for line in filled], ",")
    best = Dialect(",", 1)
    most = 0
    for delimiter, counted in widths.items():
        for width, count in counted.items():
            if count * (width - 1) > most:
                most, best = count * (width - 1), Dialect(delimiter, width)
    return best


class _Records:
    """The records of a file, one after the other; lines that were looked at in vain are given back."""

    def __init__(self, lines: Iterator[str], dialect: Dialect) -> None:
        self._lines = lines
        self._dialect = dialect
        self._ahead: deque[str] = deque()
        self._is_in_table = False

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every record with the number of the line on which it begins."""
        delimiter, width = self._dialect.delimiter, self._dialect.width
        number = 0
        first_end = ""
        has_other_end = False
        while (line := self._ahead.popleft() if self._ahead else next(self._lines, None)) is not None:
            number += 1
            begins = number
            text = line.rstrip("\r\n")
            cells = split_record(text, delimiter)
            damage: Damage | None = None
            if cells is None and (below := self._lines_below(line)):
                text = "".join((line, *below)).rstrip("\r\n")
                cells = split_record(text, delimiter)
                number += len(below)
            if cells is None:
                cells, damage = self._damaged(text)
            end = line[len(text) :]
            if end != first_end and end and not has_other_end:
                has_other_end = bool(first_end)
                damage = damage or ("line_end" if has_other_end else None)
                first_end = first_end or end
            if "\0" in text or UNKNOWN in text:
                damage = "characters"
            self._is_in_table = self._is_in_table or len(cells) == width
            yield SourceRow(begins, cells, damage)

    def _damaged(self, text: str) -> tuple[list[str], Damage]:
        cells = split_stray(text, self._dialect.delimiter)
        return (text.split(self._dialect.delimiter), "quotes") if cells is None else (cells, "stray_quotes")

    def _lines_below(self, line: str) -> list[str]:
        """Return the lines on which the record that begins here goes on; none where it does not end as a record.

        It has the table's width, or stands above the table. A line that is a row by itself belongs to no other row.
        """
        delimiter, width = self._dialect.delimiter, self._dialect.width
        joined, count = line, 0
        while is_open(joined, delimiter) and count < _JOINED_LINES and len(joined) < _JOINED_CHARACTERS:
            if count == len(self._ahead):
                following = next(self._lines, None)
                if following is None:
                    break
                self._ahead.append(following)
            following = self._ahead[count].rstrip("\r\n")
            by_itself = split_record(following, delimiter)
            if by_itself is not None and len(by_itself) == width > 1:
                break
            joined += self._ahead[count]
            count += 1
        cells = split_record(joined.rstrip("\r\n"), delimiter) if count else None
        if cells is None or (self._is_in_table and len(cells) != width):
            return []
        return [self._ahead.popleft() for _ in range(count)]


def open_delimited(path: Path) -> Source:
    """Open a file of delimited text; UnreadableError where its encoding is none that is known."""
    encoding = find_encoding(path)
    lines = _lines(path, encoding)
    sample = list(islice(lines, _SAMPLE_LINES))
    dialect = find_dialect(sample)
    rows = batched(_Records(chain(sample, lines), dialect))
    return Source("CSV", encoding.name, True, rows, delimiter=dialect.delimiter, usual_width=dialect.width)
