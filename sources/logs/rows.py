"""Which class is a row of a log, and is it whole?

Title, header (also where it is repeated), number, section, subtotal, total, continuation and blank rows are no data and
are counted as ignored under their class. Nothing is guessed: what could be a dossier is one, and answers for itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.text import clean, comparison_key
from schemas.vocabulary import LABEL_COLUMNS, MOMENT_COLUMNS
from sources.files.encoding import LEGACY
from sources.files.source import Damage, Source, SourceRow
from sources.logs.header import Header, Path, column_at, columns_by_path
from sources.logs.profile import Profile

RAGGED_RULE = "D019"
SECOND_TABLE_RULE = "D067"
REPEATED_HEADING_RULE = "D063"
NO_HEADING_RULE = "D064"
ENCODING_RULE = "D066"
TORN_RULE = "D071"
# The rule that a damaged line breaks; the row stands where the only reading left is the one that was written.
DAMAGE_RULES: dict[Damage, str] = {
    "quotes": "D060", "stray_quotes": "D061", "characters": "D062", "line_end": "D065",
}  # fmt: skip
_REJECTING: frozenset[Damage] = frozenset({"quotes", "characters"})
_NUMBER_CELL = re.compile(r"\(?\d{1,2}\)?")
_LONGEST_NUMBER = len("(99)")
# What a continuation row leaves blank: without any of these no row is a dossier.
_OWN_COLUMNS = ("dossier_code", "procedure_code", *LABEL_COLUMNS, *MOMENT_COLUMNS)


@dataclass(frozen=True)
class CastFailure:
    """A cell, or a line, that is not read as it stands. `row` is the source row.

    `text` is as read and must be masked before it is kept; `expected` is ours and may be shown.
    """

    row: int
    column: str
    rule_id: str
    text: str
    expected: str | None = None


@dataclass(frozen=True)
class RowFate:
    """A source row that is no data row: its class, or the rule that rejected it before casting."""

    row: int
    disposition: str
    reason: str


@dataclass
class SortedRows:
    """Rows of one batch: those that are data, the fates of the others, and what was found on the way."""

    data: list[SourceRow] = field(default_factory=list)
    fates: list[RowFate] = field(default_factory=list)
    failures: list[CastFailure] = field(default_factory=list)


def _key(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(comparison_key(cell) for cell in cells if cell.strip())


class RowSorter:
    """Sorts the rows of one log, batch after batch; `head` are the rows of its header."""

    def __init__(self, source: Source, profile: Profile, header: Header, head: Sequence[SourceRow]) -> None:
        self._source = source
        self._header = header
        self._last_row = header.last_row
        self._width = header.width
        self._ignored = profile.ignored
        self._column_of = columns_by_path(profile)
        self._headings = [_key(row.cells) for row in head]
        positions: Mapping[str, int] = header.positions
        self._moments = [positions[name] for name in MOMENT_COLUMNS if name in positions]
        # Where nobody knows which column holds the code, no row can be seen to go on with the one above.
        owned = _OWN_COLUMNS if "dossier_code" in positions else ()
        self._own = [positions[name] for name in owned if name in positions]
        self._enough_headings = max(2, (len(profile.required) + 1) // 2)
        self._unnamed = {place for place, path in enumerate(header.paths) if not path}
        self._above: SourceRow | None = None
        self._is_second_table = False
        self._of_file = [*self._encoding(), *self._repeated_headings(head)]

    def sort(self, rows: Sequence[SourceRow]) -> SortedRows:
        """Return the rows of the next batch by what they are."""
        found = SortedRows(failures=self._of_file)
        self._of_file = []
        for row in rows:
            if row.damage is not None and self._reports_damage(row, row.damage, found):
                continue
            row_class = self._class_of(row)
            if row_class is not None:
                found.fates.append(RowFate(row.number, "ignored", row_class))
                self._above = self._above if row_class == "continuation" else None
                continue
            rejected = SECOND_TABLE_RULE if self._is_second_table else RAGGED_RULE if self._is_ragged(row) else None
            if rejected is None:
                self._above = row
                found.data.append(row)
                found.failures += self._without_heading(row) if self._unnamed else ()
            else:
                expected = f"{self._header.width} ô / cells" if rejected == RAGGED_RULE else None
                found.fates.append(RowFate(row.number, "rejected", rejected))
                found.failures.append(CastFailure(row.number, "row", rejected, "", expected))
                found.failures += self._torn_above(row)
                self._above = None
        return found

    def _reports_damage(self, row: SourceRow, damage: Damage, found: SortedRows) -> bool:
        """Enter a damaged line; tell whether it is rejected for it."""
        rule_id = DAMAGE_RULES.get(damage)
        if rule_id is None:
            return False
        found.failures.append(CastFailure(row.number, "row", rule_id, ""))
        if damage in _REJECTING:
            found.fates.append(RowFate(row.number, "rejected", rule_id))
        return damage in _REJECTING

    def _class_of(self, row: SourceRow) -> str | None:
        """Return the class of a row that is no data, or None; runs once a row, so it looks no further than it must."""
        if row.number <= self._last_row:
            return "title" if row.number < self._header.first_row else "header"
        if self._is_dated(row.cells):
            return None
        first = next((text for cell in row.cells if (text := cell.strip())), "")
        if not first:
            return "blank"
        if _NUMBER_CELL.fullmatch(first) and _is_number_row(row):
            return "number"
        has_moment = self._has_moment(row)
        if not has_moment and self._is_repeated_header(row):
            return "header"
        if not self._is_second_table and not has_moment:
            text = first if first.isascii() else clean(first)
            named = next((name for name, pattern in self._ignored if pattern.search(text)), None)
            return named or ("continuation" if self._is_continuation(row) else None)
        return None

    def _is_dated(self, cells: list[str]) -> bool:
        """Tell whether a date column holds more than a column's number could be: nearly every row of a log is told so.

        A loop, and no expression that makes a generator, which would take three times as long.
        """
        for place in self._moments:
            if place < len(cells) and len(cells[place]) > _LONGEST_NUMBER and cells[place][0].isdigit():
                return True
        return False

    def _has_moment(self, row: SourceRow) -> bool:
        """Tell whether a date column holds something that begins like a date: then the row may be a dossier."""
        cells = row.cells
        return any(cells[place][:1].isdigit() for place in self._moments if place < len(cells))

    def _is_repeated_header(self, row: SourceRow) -> bool:
        """Tell whether the header stands here once more; another one begins a table that is not read."""
        if _key(row.cells) in self._headings:
            self._is_second_table = False
            return True
        named = {
            place: name
            for place, cell in enumerate(row.cells)
            if (name := self._column_of.get((comparison_key(cell),))) is not None
        }
        if len(named) < self._enough_headings:
            return False
        is_same = all(self._header.positions.get(name) == place for place, name in named.items())
        self._is_second_table = not is_same
        return is_same

    def _is_continuation(self, row: SourceRow) -> bool:
        return (
            self._above is not None
            and bool(self._own)
            and not self._is_ragged(row)
            and not any(row.cells[place].strip() for place in self._own if place < len(row.cells))
        )

    def _is_ragged(self, row: SourceRow) -> bool:
        """Tell whether delimited text has another number of cells here, blank ones that most rows have set aside."""
        count, width = len(row.cells), self._width
        if not self._source.is_ragged or count == width:
            return False
        return count != self._source.usual_width or count < width or any(cell.strip() for cell in row.cells[width:])

    def _torn_above(self, row: SourceRow) -> list[CastFailure]:
        """Report the row above a single cell where its own last one is blank: a line may have been torn there."""
        if self._above is None or len(row.cells) != 1 or self._above.cells[-1]:
            return []
        return [CastFailure(self._above.number, "row", TORN_RULE, "")]

    def _without_heading(self, row: SourceRow) -> list[CastFailure]:
        """Report each column without a heading once, where it first holds something."""
        seen = [place for place in sorted(self._unnamed) if place < len(row.cells) and row.cells[place].strip()]
        self._unnamed -= set(seen)
        return [CastFailure(row.number, f"{place + 1}", NO_HEADING_RULE, row.cells[place]) for place in seen]

    def _encoding(self) -> list[CastFailure]:
        """Report the encoding of text that is not Unicode; of a workbook it is the fonts' and is remarked there."""
        name = self._source.encoding
        is_legacy = name in LEGACY and not self._source.is_workbook
        return [CastFailure(1, "file", ENCODING_RULE, "", name)] if is_legacy else []

    def _repeated_headings(self, head: Sequence[SourceRow]) -> list[CastFailure]:
        """Report headings that name a column which another one names already: only the first is read."""
        read = self._header.positions
        first: dict[Path, int] = {}
        found = []
        for place, path in enumerate(self._header.paths):
            name = column_at(path, self._column_of)
            if name is not None:
                taken = read[name] if place not in read.values() else place
            else:
                # Under groups that are not merged, one heading may stand for several columns that nobody asks for.
                taken = first.setdefault(path, place) if path and len(head) == 1 else place
            if taken != place:
                said = f"đọc cột {taken + 1} / column {taken + 1} is read"
                found.append(CastFailure(self._header.last_row, f"{place + 1}", REPEATED_HEADING_RULE, "", said))
        return found


def _is_number_row(row: SourceRow) -> bool:
    """Tell whether every filled cell, and there are more than two, is a column number such as (3)."""
    filled = [text for cell in row.cells if (text := cell.strip())]
    return len(filled) > 2 and all(_NUMBER_CELL.fullmatch(text) for text in filled)
