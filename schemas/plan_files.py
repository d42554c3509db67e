"""How is each file of a plan folder read, and what is said of one that cannot be?"""

import csv
import hashlib
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from schemas.plan_models import PlanModel

Row = TypeVar("Row", bound=PlanModel)
Document = TypeVar("Document", bound=PlanModel)
_MISSING = "thiếu tệp: chép từ một kế hoạch trong plans/ rồi sửa / is missing: copy that of a plan in plans/, adapt it"


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a plan folder: which file, where in it, what is wrong."""

    file: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.problem}"


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The rows of a table that could be read, each with the line of the file on which it ends."""

    file: str
    numbered: tuple[tuple[int, Row], ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows alone."""
        return tuple(row for _, row in self.numbered)

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return iter(self.numbered)

    def mistake(self, line: int, column: str, problem: str) -> Mistake:
        """Return a mistake in one cell of the table."""
        return Mistake(self.file, f"line {line}, {column}", problem)


def twice(file: str, noun: str, names: Iterable[str]) -> list[Mistake]:
    """Return a mistake for each name of its kind that a file has more than once."""
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    return [Mistake(file, f"{noun} {name}", "có hai lần / stands twice") for name in repeated]


def _is_of_plan(path: Path) -> bool:
    """Tell a plan's own file from what editors and systems lay beside it."""
    return path.is_file() and not path.name.startswith((".", "~$")) and not path.name.endswith("~")


def plan_files(folder: Path) -> list[Path]:
    """Return every file of a plan folder: what is read of a plan is read of these, since these alone are hashed."""
    return sorted(path for path in folder.rglob("*") if _is_of_plan(path))


def documents_in(plan_folder: Path, name: str) -> list[Path]:
    """Return the TOML documents that lie in one of a plan's own folders, in the order of their names."""
    return [path for path in plan_files(plan_folder) if path.parent == plan_folder / name and path.suffix == ".toml"]


def plan_texts(folder: Path, mistakes: list[Mistake]) -> dict[str, str]:
    """Return every file of a plan folder, by its path in it, as it is: a line end stays what it is.

    A file that is no text goes to the mistakes.
    """
    texts = {}
    for path in plan_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_bytes().decode()
        except UnicodeDecodeError as error:
            mistakes.append(Mistake(name, "file", f"không phải UTF-8 / is not UTF-8: {error}"))
    return texts


def texts_sha256(texts: Mapping[str, str]) -> str:
    """Return one hash over the names and contents of a plan's files, in the order of their paths."""
    digest = hashlib.sha256()
    for name in sorted(texts, key=lambda name: name.split("/")):
        content = hashlib.sha256(texts[name].encode()).hexdigest()
        digest.update(f"{content}  {name}\n".encode())
    return digest.hexdigest()


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    return [(".".join(str(step) for step in e["loc"]) or "document", e["msg"]) for e in error.errors()]


def read_document(path: Path, model: type[Document], mistakes: list[Mistake]) -> Document | None:
    """Return a TOML document of the plan; None where it cannot be read, with the reason among the mistakes."""
    try:
        return model.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        mistakes.append(Mistake(path.name, "file", _MISSING))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(Mistake(path.name, "document", f"không phải TOML / is not TOML in UTF-8: {error}"))
    except ValidationError as error:
        mistakes.extend(Mistake(path.name, f"key {key}", problem) for key, problem in _problems(error))
    return None


def _heading_problem(heading: list[str], columns: list[str]) -> str:
    """Say what is wrong with a heading, as shortly as it can be said."""
    missing = ", ".join(column for column in columns if column not in heading)
    unknown = ", ".join(column for column in heading if column not in columns)
    if missing:
        return f"thiếu cột / lacks the columns {missing}"
    if unknown:
        return f"cột lạ / has unknown columns {unknown}"
    return f"các cột phải theo thứ tự / columns must be {', '.join(columns)}"


def read_table(path: Path, model: type[Row], key: str | None, mistakes: list[Mistake]) -> Table[Row]:
    """Return the rows of a CSV table that are right; what is wrong with the others goes to the mistakes.

    No two rows may have the same `key`; None where rows have no key.
    """
    try:
        # As bytes, so that a line end inside a cell stays what it is.
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        mistakes.append(Mistake(path.name, "file", _MISSING))
        return Table(path.name)
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(path.name, "file", f"không phải UTF-8 / is not UTF-8: {error}"))
        return Table(path.name)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        reader.fieldnames = [model.FORMER_COLUMNS.get(name, name) for name in reader.fieldnames or ()]
        return Table(path.name, tuple(_rows(reader, path.name, model, key, mistakes)))
    except csv.Error as error:
        mistakes.append(Mistake(path.name, f"line {reader.reader.line_num}", f"không phải CSV / is not CSV: {error}"))
        return Table(path.name)


def _rows(
    reader: "csv.DictReader[str]", file: str, model: type[Row], key: str | None, mistakes: list[Mistake]
) -> Iterator[tuple[int, Row]]:
    """Yield each row that is right with its line."""
    heading, columns = list(reader.fieldnames or ()), list(model.model_fields)
    if heading != columns:
        mistakes.append(Mistake(file, "line 1", _heading_problem(heading, columns)))
        return
    seen: dict[str, int] = {}
    for record in reader:
        line = reader.line_num
        if None in record or None in record.values():
            problem = "nhiều hoặc ít ô hơn dòng tiêu đề / has more or fewer fields than the heading"
            mistakes.append(Mistake(file, f"line {line}", problem))
            continue
        try:
            row = model.model_validate(record)
        except ValidationError as error:
            mistakes.extend(Mistake(file, f"line {line}, {column}", problem) for column, problem in _problems(error))
            continue
        yield line, row
        if key is not None:
            first = seen.setdefault(record[key], line)
            if first != line:
                problem = f"{record[key]} đã có ở dòng / stands already in line {first}"
                mistakes.append(Mistake(file, f"line {line}, {key}", problem))
