"""How is a cell of a submission read otherwise than it was sent, without touching what was sent?

A correction is a declared entry: the place, the value that is expected there, the one that should stand, why, and by
what evidence. It is tried on the original before it is committed; where the place does not hold what was expected,
nothing is written.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow.parquet as pq
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from audit.corrections import Correction, corrections_of, every_correction
from audit.events import CorrectionDeclared
from audit.ledger import Ledger
from audit.numbers import next_number
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.intake.revalidate import Reread, commit_again, read_again
from flows.intake.submissions import Submission, find_counting
from schemas.nearest import names_meant, near_names, procedure_names, unit_names
from schemas.text import clean, comparison_key, masked
from schemas.vocabulary import COLUMNS
from sources.files.sheet_label import label_of, sheet_labels
from sources.logs.correction import UNFIT
from sources.logs.profile import load_profiles
from sources.templates.titles import SHEETS
from warehouse.named import present, table_of
from warehouse.workspace import Workspace

# What may stand in the record: numbers and days show nobody, labels neither; free text might.
_WORDS = frozenset(comparison_key(word) for word in ("Có", "Không", "Không phát sinh"))
# A dossier code can be looked up by anybody, so it has no place in the record.
_TOLD = 3
FIELDS = tuple(name for name in COLUMNS if name != "dossier_code")


@dataclass(frozen=True)
class Place:
    """Where to correct: a report's `cell` ("Trang!E7"), or a `field` of the dossier with this code in a log."""

    cell: str = ""
    dossier: str = ""
    field: str = ""


@dataclass(frozen=True)
class Corrected:
    """A correction that was committed, and what became of the submission under it."""

    number: str
    submission: str
    state: str
    finding_count: int


def _dossiers(workspace: Workspace, ledger: Ledger, submission: Submission) -> list[Mapping[str, object]]:
    files = [f for f in ledger.entries[submission.judged_seq - 1].files if table_of(f) == "dossier_row"]
    columns = ["dossier_code", "sheet", "row", "row_count"]
    paths = present(workspace.root / f.path for f in files)
    return [row for path in paths for row in pq.read_table(path, columns=columns).to_pylist()]


def _in_log(workspace: Workspace, ledger: Ledger, submission: Submission, place: Place) -> tuple[str, int]:
    if place.field not in FIELDS:
        known = names_meant(place.field, FIELDS) if place.field else f"--field {' | '.join(FIELDS)}"
        raise MisuseError(f"--field {place.field}: không có trường này / there is no such field: {known}")
    code, dossiers = clean(place.dossier), _dossiers(workspace, ledger, submission)
    rows = [row for row in dossiers if row["dossier_code"] == code]
    if not rows:
        # Who has typed a code is told the codes near to it, and no others.
        near = ", ".join(near_names(code, [str(row["dossier_code"]) for row in dossiers])) or "không có / none"
        raise MisuseError(
            f"{submission.taken.number}: không có hồ sơ {code} / there is no such dossier in it: gần nhất / nearest:"
            f" {near}"
        )
    if len(rows) != 1 or rows[0]["row_count"] != 1:
        raise MisuseError(
            f"{submission.taken.number}: hồ sơ này có {len(rows)} dòng, cần đúng một / the dossier has {len(rows)} rows"
            " in it, and needs just one"
        )
    return str(rows[0]["sheet"]), int(str(rows[0]["row"]))


def _words_of(workspace: Workspace, field: str) -> set[str]:
    """Return the keys of every word that a field of a log may be corrected to: labels, offices and procedures."""
    plan = workspace.plan
    if field == "handling_office":
        words = set(unit_names(plan.units))
    elif field == "procedure_code":
        words = set(procedure_names(plan.procedures)) | {procedure.code for procedure in plan.procedures}
    else:
        columns = [profile.document.columns.get(field) for profile in load_profiles(workspace.plan_folder)]
        words = {label for column in columns if column is not None for label in column.values}
    return {comparison_key(word) for word in words}


def _in_report(place: Place) -> tuple[str, int, str]:
    sheet, _, address = place.cell.rpartition("!")
    try:
        _, row = coordinate_from_string(address.upper())
    except CellCoordinatesException as error:
        raise MisuseError(f"--cell {place.cell}: viết dạng / write it as 'Trang!E7'") from error
    if not sheet:
        raise MisuseError(f"--cell {place.cell}: thiếu tên trang / the sheet's name is missing: 'Trang!E7'")
    return sheet, row, address.upper()


def _correction(
    workspace: Workspace, ledger: Ledger, submission: Submission, place: Place, expected: str, replacement: str
) -> Correction:
    number = next_number("C", (one.number for one in every_correction(ledger.entries)))
    before, after = clean(expected), clean(replacement)
    if submission.taken.kind == "dossier_log":
        if not place.dossier:
            raise MisuseError("sổ hồ sơ: cần --dossier và --field / a log needs --dossier and --field")
        sheet, row = _in_log(workspace, ledger, submission, place)
        if masked(after) != after and comparison_key(after) not in _words_of(workspace, place.field):
            raise MisuseError(
                f"--to: {place.field} chỉ nhận số, ngày hoặc tên đã biết / takes only numbers, days or known names"
            )
        return Correction(number, sheet, row, None, place.field, before, after)
    if not place.cell:
        raise MisuseError("báo cáo: cần --cell / a report needs --cell 'Trang!E7'")
    if masked(after) != after and comparison_key(after) not in _WORDS:
        raise MisuseError("--to: chỉ số, ngày hoặc Có, Không / only numbers, days, or Có, Không can be corrected to")
    sheet, row, cell = _in_report(place)
    return Correction(number, sheet, row, cell, None, before, after)


def _cells_of(reread: Reread) -> list[tuple[str, str]]:
    """Return the sheet, by its label, and the address of every cell of a report that says something of it."""
    told = ("report_value", "report_task", "finding")
    tables = [reread.aside.root / file.path for file in reread.reading.files if table_of(file) in told]
    rows = [row for path in tables for row in pq.read_table(path, columns=["sheet", "cell"]).to_pylist()]
    return list(dict.fromkeys((row["sheet"], row["cell"]) for row in rows if row["sheet"] and row["cell"]))


def _apart(cell: str, other: str) -> tuple[int, int]:
    """Return how many rows, then columns, two cells are from each other."""
    (column, row), (other_column, other_row) = coordinate_from_string(cell), coordinate_from_string(other)
    return abs(row - other_row), abs(column_index_from_string(column) - column_index_from_string(other_column))


def _require_known_cell(reread: Reread, sheet: str, cell: str) -> None:
    """Raise MisuseError, with the nearest, for a sheet that the report does not have or a cell that says nothing."""
    number, labels = reread.submission.taken.number, sheet_labels(reread.reading.sheet_titles, SHEETS)
    if sheet not in {*labels, *labels.values()}:
        raise MisuseError(
            f"--cell {sheet}!{cell}: {number} không có trang này / has no such sheet: {names_meant(sheet, labels)}"
        )
    label = label_of(sheet, labels)
    known = [address for where, address in _cells_of(reread) if where == label]
    if known and cell not in known:
        near = sorted(known, key=lambda one: (*_apart(cell, one), one))[:_TOLD]
        raise MisuseError(
            f"--cell {sheet}!{cell}: không phải ô số liệu hay ngày của nhiệm vụ / is no figure, nor a day of a task:"
            f" gần nhất / nearest: {', '.join(near)}"
        )


def correct(
    workspace: Workspace,
    door: Door,
    number: str,
    place: Place,
    expected: str,
    replacement: str,
    reason: str,
    evidence: str,
) -> Corrected:
    """Declare a correction and judge the submission again under it.

    MisuseError where a reason or evidence is lacking, the place is not there, or does not hold what is expected.
    """
    if not reason.strip() or not evidence.strip():
        raise MisuseError("ghi rõ --reason và --evidence / say for which --reason and by what --evidence")
    with entered(workspace, door, "correct", subject=number) as ledger:
        submission = find_counting(ledger.entries, number)
        made = _correction(workspace, ledger, submission, place, expected, replacement)
        corrections = (*corrections_of(ledger.entries, submission.taken.number), made)
        folder = workspace.staging / made.number
        try:
            reread = read_again(workspace, ledger, submission, corrections, ["correction"], folder)
            _require_fit(reread, made)
            # What stood there may name somebody: the record keeps the shape of words, which was compared in full here.
            shape = masked(made.expected)
            # A sheet's title may name somebody, too: it is called by its label.
            sheet = label_of(made.sheet, sheet_labels(reread.reading.sheet_titles, SHEETS))
            recorded = vars(replace(made, sheet=sheet, expected=shape, is_shape=shape != made.expected))
            event = CorrectionDeclared(
                submission=submission.taken.number, reason=reason.strip(), evidence=evidence.strip(), **recorded
            )
            commit_again(workspace, ledger, door, "correct", reread, [event])
        finally:
            shutil.rmtree(workspace.staging, ignore_errors=True)
    taken, found = reread.event.taken, reread.reading.finding_count
    return Corrected(made.number, taken.number, taken.state, found)


def _require_fit(reread: Reread, made: Correction) -> None:
    """Raise MisuseError where the place does not hold what the correction expects."""
    tables = [reread.aside.root / file.path for file in reread.reading.files if table_of(file) == "finding"]
    unfit = {row["subject"] for path in tables for row in pq.read_table(path).to_pylist() if row["rule_id"] in UNFIT}
    if made.number in unfit:
        taken = reread.submission.taken
        if made.cell is not None:
            _require_known_cell(reread, made.sheet, made.cell)
        told = f"không ghi “{made.expected}” / does not hold that"
        if taken.kind == "unit_report" and taken.profile_id is not None:
            # What else stands in a workbook of a unit's own form tells where its tables are: it is left as it came.
            told = (
                f"không phải ô số liệu hay ngày của nhiệm vụ ghi “{made.expected}” / is no figure, nor a day of a task,"
                " that holds that"
            )
        raise MisuseError(f"{taken.number} {made.place}: {told}: motcua show {taken.number}")
