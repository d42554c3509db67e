"""What differs between two plans, key by key?

Two sets of files are compared as data: rows of a table by their key, entries of a document by their name, and where
they have none, in their order. What differs in bytes alone (order, comments, spacing), and what cannot be read as data,
is one difference of its file, so that no edit goes unnamed.
"""

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Texts = Mapping[str, str]
Row = Mapping[str, object]
Kind = Literal["changed", "added", "removed", "text", "content"]
# Which columns tell the rows of a table apart; of another table it is its first column.
KEYS: Mapping[str, tuple[str, ...]] = {
    "report_items.csv": ("report_type", "code"),
    "opening_balance.csv": ("period", "office", "field"),
    "earlier_figures.csv": ("period", "indicator", "unit"),
}
# By which of its values an entry of a list is called, the first that all of them have.
_NAMES = ("id", "code", "on", "indicator", "row_class")


@dataclass(frozen=True)
class KeyChange:
    """One difference: in which file, at which key, from what to what; `text` is one of order, comments or spacing.

    `content` is one of a file that is no data, or can no longer be read as such: that it differs is all that is known.
    """

    file: str
    kind: Kind
    key: str
    before: str = ""
    after: str = ""


def plan_diff(before: Texts, after: Texts) -> tuple[KeyChange, ...]:
    """Return every difference between the files of two plans, by file and key."""
    found: list[KeyChange] = []
    for file in sorted({*before, *after}):
        if file not in after:
            found.append(KeyChange(file, "removed", ""))
        elif file not in before:
            found.append(KeyChange(file, "added", ""))
        elif before[file] != after[file]:
            found += _of_file(file, before[file], after[file])
    return tuple(found)


def _of_file(file: str, before: str, after: str) -> list[KeyChange]:
    """Return what differs between two texts of one file, of which there is something."""
    try:
        if file.endswith(".csv"):
            changes = list(_of_rows(file, _table(file, before), _table(file, after)))
        elif file.endswith(".toml"):
            changes = list(_of_values(file, "", tomllib.loads(before), tomllib.loads(after)))
        else:
            return [KeyChange(file, "content", "")]
    except (tomllib.TOMLDecodeError, csv.Error):
        return [KeyChange(file, "content", "")]
    return changes or [KeyChange(file, "text", "")]


def _table(file: str, text: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table by key; a key that stands twice is numbered."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    columns = KEYS.get(file) or tuple(reader.fieldnames or ())[:1]
    rows: dict[str, dict[str, str]] = {}
    for record in reader:
        cells = {name: value for name, value in record.items() if isinstance(name, str) and isinstance(value, str)}
        name = " ".join(cells[column] for column in columns if cells.get(column))
        number = 1 + sum(known == name or known.startswith(f"{name} #") for known in rows)
        rows[name if number == 1 else f"{name} #{number}"] = cells
    return rows


def _of_rows(file: str, before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[KeyChange]:
    for name in dict.fromkeys((*before, *after)):
        yield from _of_entry(file, name, before.get(name), after.get(name))


def _of_entry(file: str, key: str, before: Row | None, after: Row | None) -> Iterator[KeyChange]:
    """Compare one row or entry, which is None where it is not there."""
    if before is None or after is None:
        yield KeyChange(
            file, "added" if before is None else "removed", key, before=_row_text(before), after=_row_text(after)
        )
        return
    for name in dict.fromkeys((*before, *after)):
        yield from _of_values(file, f"{key}, {name}" if key else name, before.get(name), after.get(name))


def _of_values(file: str, key: str, before: object, after: object) -> Iterator[KeyChange]:
    """Compare two values of a document, going down into what they hold."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_entry(file, key, before, after)
    elif _are_entries(before) and _are_entries(after):
        yield from _of_entries(file, key, before or (), after or ())  # type: ignore[arg-type]
    else:
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield KeyChange(file, kind, key, before=_text(before), after=_text(after))


def _are_entries(value: object) -> bool:
    """Tell whether a value is a list of entries, each with names of its own; one that is not there may be."""
    return value is None or (isinstance(value, list) and all(isinstance(one, dict) for one in value))


def _of_entries(file: str, key: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[KeyChange]:
    name = next((name for name in _NAMES if _tells_apart(name, before) and _tells_apart(name, after)), None)
    if name is not None:
        named = ({f"{key} {one[name]}": one for one in rows} for rows in (before, after))
        yield from _of_rows(file, *named)
        return
    matcher = SequenceMatcher(None, [_text(one) for one in before], [_text(one) for one in after], autojunk=False)
    for _, first, last, begin, end in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        for n in range(max(last - first, end - begin)):
            was = before[first + n] if first + n < last else None
            now = after[begin + n] if begin + n < end else None
            yield from _of_entry(file, f"{key} {(first if now is None else begin) + n + 1}", was, now)


def _tells_apart(name: str, rows: Sequence[Row]) -> bool:
    stated = [str(row.get(name, "")) for row in rows]
    return all(stated) and len(set(stated)) == len(stated)


def _row_text(row: Row | None) -> str:
    return "" if row is None else "; ".join(f"{name} = {_text(value)}" for name, value in row.items() if value != "")


def _text(value: object) -> str:
    """Return a value as people read it: a text as it is, a list or an entry as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    return str(value)
