"""Two hundred invented personal values, the files in which they are planted, and the search that finds them.

Drawn by a seed. A value is found in whatever writing it stands: NFC or NFD, without marks, in any case; digits with or
without what stands between them, with or without the zero at their beginning.
"""

import gzip
import io
import json
import random
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from sources.templates.titles import TASK_SHEET
from tests.support.filled_report import SOUND, filled, tasks, template
from tests.support.office import HEADINGS, csv_of, drawn, titles
from tests.support.own_report import TITLES, own_report

_SYLLABLES = [
    "Đẫm",
    "Khuỷu",
    "Ngoẻo",
    "Quỵnh",
    "Thưởn",
    "Vượp",
    "Xoắng",
    "Yếnh",
    "Giuộc",
    "Phượp",
    "Trỉnh",
    "Huỷnh",
    "Ngoạp",
    "Bưỡng",
    "Đuỗng",
    "Nghiềp",
]
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){8,15}")
_LENGTHS = (9, 11, 12)
_OFFICE = "Thư viện tỉnh"


@dataclass
class Planted:
    """The values not planted yet, by kind, and those that stand in names of files and sheets."""

    seed: int
    names: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        drawer = random.Random(self.seed)
        words = drawer.sample([f"{a} {b} {c}" for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES], 100)
        self.names = [f"Thử Nghiệm {word}" for word in words[:90]]
        self.addresses = [f"Số {n} đường Giả Định {word}" for n, word in enumerate(words[90:], start=101)]
        self.phones = [f"09{number}" for number in drawer.sample(range(10_000_000, 99_999_999), 40)]
        self.identities = [f"056{number}" for number in drawer.sample(range(100_000_000, 999_999_999), 40)]
        self.emails = [f"{word.replace(' ', '.').lower()}@giadinh.example" for word in drawer.sample(words, 20)]
        self.all = (*self.names, *self.phones, *self.identities, *self.emails, *self.addresses)
        # What is looked for of an e-mail address is written without marks by those who have one.
        self.emails = [_plain(email) for email in self.emails]

    def name(self) -> str:
        return self.names.pop()

    def title(self) -> str:
        """Return a name that is to stand in a file's or a sheet's name, which the people of this machine may see."""
        self.titles.add(self.names[-1])
        return self.names.pop()


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("_", " "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _digits_in(text: str) -> Iterator[str]:
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        for length in _LENGTHS:
            yield from (digits[at : at + length] for at in range(len(digits) - length + 1))


def found_in(text: str, values: Iterable[str]) -> set[str]:
    """Return which of these values stand in a text, however they are written."""
    plain = _plain(text)
    digits = set(_digits_in(text))
    return {
        value
        for value in values
        if (value.lstrip("0") in digits if value.isdigit() else " ".join(_plain(value).split()) in plain)
    }


def decoded(name: str, content: bytes) -> Iterator[str]:
    """Yield what a file holds: its name, its bytes as text, and what is in it once unpacked."""
    yield name
    yield content.decode("utf-8", "replace")
    if content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        yield json.dumps(table.to_pylist(), ensure_ascii=False, default=str) + str(table.schema.metadata)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.namelist():
                yield from decoded(part, parts.read(part))
    elif content.startswith(b"\x1f\x8b"):
        yield from decoded(name, gzip.decompress(content))
    elif content.startswith(b"SQLite format 3"):
        with sqlite3.connect(":memory:") as database:
            # Bytes 18 and 19 say that a log lies beside it, which a database in memory cannot have.
            database.deserialize(content[:18] + b"\x01\x01" + content[20:])
            yield "\n".join(database.iterdump())


def texts_of(path: Path) -> Iterator[str]:
    """Yield what a file holds, a projection with all its tables and views."""
    yield from decoded(str(path), path.read_bytes())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("SET VARIABLE workspace = $1", [str(path.parent)])
            names = connection.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables")
            for (name,) in names.fetchall():
                yield json.dumps(connection.execute(f"FROM {name}").fetchall(), ensure_ascii=False, default=str)
            yield str(connection.execute("SELECT sql FROM duckdb_views() WHERE NOT internal").fetchall())


def _decorate(workbook: Workbook, planted: Planted) -> None:
    """Plant where people do not look: properties, comments, defined names, headers and footers, a hidden sheet."""
    sheet = workbook.worksheets[0]
    workbook.properties.creator, workbook.properties.lastModifiedBy = planted.name(), planted.name()
    workbook.properties.title, workbook.properties.description = planted.name(), planted.emails.pop()
    sheet.cell(60, 12).comment = Comment(f"{planted.name()} {planted.phones.pop()}", planted.name())
    sheet.oddHeader.left.text, sheet.oddFooter.right.text = planted.name(), planted.phones.pop()
    name = f"_{_plain(planted.name()).replace(' ', '_')}"
    workbook.defined_names[name] = DefinedName(name, attr_text=f'"{planted.identities.pop()}"')
    hidden = workbook.create_sheet(planted.title())
    hidden.sheet_state = "hidden"
    hidden.append([planted.name(), planted.phones.pop(), planted.addresses.pop()])


def _saved(content: bytes, change: Callable[[Workbook], None]) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    change(workbook)
    workbook.save(saved := io.BytesIO())
    return saved.getvalue()


def _log_rows(planted: Planted, count: int) -> list[list[str]]:
    """Return rows of a log, each with its four personal columns, and the columns before them in the wrong place."""
    sound = drawn(
        "x | 1.004650 | QLVHGD | Trực tiếp | Đã có kết quả | 05/01/2022 08:00:00 | 12/01/2022 08:00:00 |"
        " 10/01/2022 08:00:00"
    )[0]
    rows = []
    for number in range(count):
        row = [*sound, planted.name(), planted.phones.pop(), planted.addresses.pop(), planted.identities.pop()]
        row[0] = f"000.00.15.H32-220105-{number + 1:04d}"
        rows.append(row)
    for column in range(len(sound)):
        slid = list(rows[0])
        slid[0] = f"000.00.15.H32-220106-{column + 1:04d}"
        slid[column] = (planted.phones, planted.identities, planted.names)[column % 3].pop()
        rows.append(slid)
    shifted = [f"000.00.15.H32-220107-{1:04d}", planted.name(), *sound[1:]]
    return [*rows, shifted, [*shifted, planted.name()], [f"Tổng cộng do {planted.name()} lập"]]


def _log(planted: Planted, count: int) -> list[list[str]]:
    title = [[f"Người lập: {planted.name()}, điện thoại {planted.phones.pop()}"]]
    headings = [*HEADINGS, "Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD", f"Ghi chú của {planted.name()}"]
    return [*title, *titles(), headings, *_log_rows(planted, count)]


def _log_workbook(planted: Planted) -> bytes:
    workbook = Workbook()
    workbook.worksheets[0].title = planted.title()
    for row in _log(planted, 4):
        workbook.worksheets[0].append(row)
    other = workbook.create_sheet(planted.title())
    for row in [*titles(), [*HEADINGS], [planted.name()]]:
        other.append(list(row))
    _decorate(workbook, planted)
    workbook.save(saved := io.BytesIO())
    return saved.getvalue()


def _figures(planted: Planted) -> dict[str, object]:
    """Return what a sender typed into number cells: persons, and numbers of theirs that do cast and that do not."""
    phone = planted.phones.pop()
    return {
        "A1.1": f"do {planted.name()}", "A1.5": planted.phones.pop(), "A3.1": int(planted.phones.pop()),
        "A4.1": int(planted.identities.pop()), "A7.1": f"{phone[1:4]}.{phone[4:7]}.{phone[7:]}",
        "A9.1": -int(planted.phones.pop()), "A9.3": float(planted.identities.pop()),
    }  # fmt: skip


def _report(planted: Planted, unit: str, *, is_sound: bool) -> bytes:
    """Return a unit's report with words in its tasks; one that is not sound holds persons in its number cells."""
    figures = {} if is_sound else _figures(planted)
    rows = [
        (
            f"{planted.name()} lập danh sách",
            f"Gửi {planted.emails.pop()}",
            "01/03/2022",
            "28/02/2022",
            "Hoàn thành",
            f"Số 01/{unit} do {planted.name()} ký, {planted.phones.pop()}",
            planted.name(),
        ),
        (f"Gọi {planted.phones.pop()}", None, planted.name(), None, planted.name(), planted.identities.pop()),
    ]

    def change(workbook: Workbook) -> None:
        tasks(*rows)(workbook)
        workbook[TASK_SHEET]["A2"].value = f"Người lập {planted.name()}"
        _decorate(workbook, planted)

    return filled(SOUND | figures, change, template("cchc", unit))


def _own_form(planted: Planted) -> bytes:
    above = [
        *TITLES[:2],
        (f"Đơn vị báo cáo: {_OFFICE}",),
        (f"Người lập: {planted.name()}, {planted.phones.pop()}",),
        (),
    ]
    below = [("99", f"Số lượt {planted.name()}", planted.emails.pop(), 12), (None, f"Ký: {planted.name()}")]

    def change(workbook: Workbook) -> None:
        workbook.worksheets[0].title = planted.title()
        _decorate(workbook, planted)

    return _saved(own_report(titles=above, below=below), change)


def files(planted: Planted, unit: str) -> dict[str, bytes]:
    """Return files by name in which every value is planted; what is left over fills a log without a fault."""
    made = {
        f"so ho so {planted.title()}.xlsx": _log_workbook(planted),
        f"{planted.title()} bao cao.xlsx": _report(planted, unit, is_sound=False),
        f"bao cao lan 2 {planted.title()}.xlsx": _report(planted, unit, is_sound=True),
        f"tu lap {planted.title()}.xlsx": _own_form(planted),
        f"bao cao.{planted.title()}": planted.emails.pop().encode(),
        f"{planted.title()}.xlsx": f"không phải bảng tính {planted.addresses.pop()}".encode(),
        f"hong {planted.title()}.csv": f'Số hồ sơ,"{planted.name()}\n{planted.phones.pop()}'.encode(),
    }
    made[f"{planted.title()}.csv"] = csv_of(faulty := _log(planted, 1))
    name = f"so dung {planted.title()}.csv"
    rows = faulty[1 : len(titles()) + 2]
    sound = faulty[len(titles()) + 2][1:8]
    left = [planted.names, planted.phones, planted.addresses, planted.identities, planted.emails]
    for number in range(max(map(len, left))):
        values = [kind.pop() if kind else "" for kind in left]
        code = f"000.00.15.H32-220108-{number + 1:04d}"
        rows.append([code, *sound, values[0], values[1], values[2], values[3], values[4]])
    assert not any(left)
    made[name] = csv_of(rows)
    assert all(one != other for one, other in pairwise(sorted(made)))
    return made
