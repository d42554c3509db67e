"""What does a director read first? One page: what was met and missed, who is late, what is open, what has changed.

Everything here stands in full on a sheet of its own, which is named where something was left out. The page is made to
fit one sheet of A4 without being made smaller: where it would not, lists are cut and texts shortened.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit.steps import OPEN
from releases.workbook.figure_cells import measure, quantity_value
from releases.workbook.form_sheet import OFFICE_FORM
from releases.workbook.front_sheets import COVER
from releases.workbook.listing import Cell
from releases.workbook.record_sheets import NONCONFORMITIES, REPORTING
from releases.workbook.report import FigureRow, NonconformityRow, ReportContent, ReportState, TargetRow, TargetStatus
from releases.workbook.series_sheet import SERIES
from releases.workbook.sheets import (
    BAD_FILL,
    COUNT_FORMAT,
    DAY_FORMAT,
    HEAD_FILL,
    SUBTITLE,
    TITLE,
    Look,
    Value,
    lines,
    open_sheet,
    put,
)
from releases.workbook.target_sheet import TARGETS
from releases.workbook.task_sheets import TASKS
from releases.workbook.words import GRADE_VI, NOTHING, REPORT_STATE_VI, TARGET_STATUS_VI, TASK_STATE_VI, TREND_VI

SUMMARY_PAGE = "Tóm tắt"
TITLE_VI, TITLE_EN = "Tóm tắt", "Summary on one page"
# In characters, and in points of height: what A4 upright holds between its margins where the smallest letters are
# still printed at 9 points.
WIDTHS = (8, 46, 16, 12, 12)
PAGE_POINTS = 800
_LINE, _PAD, _SIZE, _SIDE_SIZE = 13.5, 2, 11, 10
# So many characters more than its width says fit a column in these sizes.
_NARROW = 1.3
_TITLE_POINTS, _SUBTITLE_POINTS = 24, 18
# More than any sentence of counts has.
_MOST_LINES = 6
_NOT_IN_TIME: tuple[ReportState, ...] = ("late", "missing", "rejected", "provisional", "not_determined")
_ORDER: dict[TargetStatus, int] = {"missed": 0, "no_data": 1, "not_determined": 1}


@dataclass(frozen=True)
class _Room:
    """How much there may be of each: lines of a text, lines of a `brief` one, rows of each list."""

    text: int
    brief: int
    targets: int
    tasks: int
    nonconformities: int
    figures: int
    differences: int
    changes: int
    turned: int


# The first that fits the page is taken; the last always does.
_ROOMS = (
    _Room(4, 3, 10, 6, 8, 6, 4, 6, 4),
    _Room(3, 2, 6, 4, 5, 4, 3, 4, 3),
    _Room(2, 1, 4, 2, 3, 4, 2, 3, 2),
)


@dataclass(frozen=True)
class _Row:
    """One row: a code, a text, and what stands in the three columns at its right.

    What is too long loses its end; what says the most at its end, its beginning; a sentence of counts nothing.
    """

    code: str
    text: str
    right: tuple[Cell | Value, ...] = ()
    is_bad: bool = False
    is_brief: bool = False
    is_whole: bool = False
    keeps_end: bool = False

    def cells(self, room: _Room) -> tuple[Cell, ...]:
        """Return what stands in each column, texts as long as there is room for."""
        side = [value if isinstance(value, Cell) else Cell(value) for value in self.right]
        side += [Cell("")] * (len(WIDTHS) - 2 - len(side))
        most = _MOST_LINES if self.is_whole else room.brief if self.is_brief else room.text
        return tuple(
            replace(cell, value=shortened(cell.value, width * _NARROW, most, keeps_end=self.keeps_end))
            if isinstance(cell.value, str)
            else cell
            for cell, width in zip((Cell(self.code), Cell(self.text), *side), WIDTHS, strict=True)
        )

    def points(self, room: _Room) -> float:
        """Return how high it is."""
        texts = zip(self.cells(room), WIDTHS, strict=True)
        return _LINE * max(lines(c.value, w * _NARROW) if isinstance(c.value, str) else 1 for c, w in texts) + _PAD


@dataclass(frozen=True)
class _Section:
    """A heading with what the three columns at the right are called, and its lines."""

    title: str
    heads: tuple[str, str, str]
    rows: tuple[_Row, ...]


def add_summary(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the page that is read first."""
    sheet = open_sheet(workbook, SUMMARY_PAGE, WIDTHS, is_landscape=False, footer=footer)
    # Should a font be wider elsewhere, it is still one page.
    sheet.page_setup.fitToHeight = 1
    span = len(WIDTHS)
    put(sheet, 1, 1, f"{TITLE_VI.upper()} – {content.period_name_vi}", TITLE, span=span)
    state = "BẢN THẢO / DRAFT · " if content.is_draft else ""
    version = f"v{content.version} ({content.edition})"
    put(sheet, 2, 1, f"{state}{TITLE_EN} – {content.period_name_en} · {version}", SUBTITLE, span=span)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = _TITLE_POINTS, _SUBTITLE_POINTS
    room = next((one for one in _ROOMS if _points(content, one) <= PAGE_POINTS), _ROOMS[-1])
    row = 3
    for section in _sections(content, room):
        row = _put_section(sheet, row, section, room)


def _points(content: ReportContent, room: _Room) -> float:
    """Return how high the page is."""
    return (_TITLE_POINTS + _SUBTITLE_POINTS) + sum(
        _LINE + _PAD + sum(row.points(room) for row in section.rows) for section in _sections(content, room)
    )


def _put_section(sheet: Worksheet, row: int, section: _Section, room: _Room) -> int:
    put(sheet, row, 1, section.title, Look(size=_SIZE, is_bold=True, has_box=True, fill=HEAD_FILL), span=2)
    for column, title in enumerate(section.heads, start=3):
        head = Look(size=_SIDE_SIZE, is_italic=True, align="center", has_box=True, fill=HEAD_FILL)
        put(sheet, row, column, title, head)
    sheet.row_dimensions[row].height = _LINE + _PAD
    for one in section.rows:
        row += 1
        for column, cell in enumerate(one.cells(room), start=1):
            is_text, is_verdict = column == 2, one.is_bad and column == len(WIDTHS)
            look = Look(
                size=_SIZE if is_text else _SIDE_SIZE,
                is_bold=is_verdict,
                align="left" if is_text else "center",
                has_box=True,
                fill=BAD_FILL if is_verdict else "",
                number_format=cell.number_format,
            )
            put(sheet, row, column, cell.value, look)
        sheet.row_dimensions[row].height = one.points(room)
    return row + 1


def shortened(text: str, width: float, most_lines: int, *, keeps_end: bool = False) -> str:
    """Return a text in one paragraph that is set on so many lines of this width; what is left out shows as …."""
    words = " ".join(text.split())
    if lines(words, width) <= most_lines:
        return words
    room = max(int((width - 2) * most_lines) - 1, 1)
    return f"…{words[-room:].lstrip(' ,;:')}" if keeps_end else f"{words[:room].rstrip(' ,;:')}…"


def _sections(content: ReportContent, room: _Room) -> Iterable[_Section]:
    yield _targets(content, room)
    yield _reports(content)
    yield _dossiers(content)
    yield _tasks(content, room)
    yield _nonconformities(content, room)
    yield _figures(content, room)
    yield _version(content, room)
    if content.plan_changes:
        yield _plan(content, room)


def _cut(rows: Sequence[_Row], most: int, sheet: str) -> tuple[_Row, ...]:
    """Return the first of these lines, and how many more there are."""
    if len(rows) <= most:
        return tuple(rows)
    left = len(rows) - most + 1
    return (*rows[: most - 1], _Row("", f"còn {left} dòng, xem / more: “{sheet}”"))


def _targets(content: ReportContent, room: _Room) -> _Section:
    # A target with several ways of being met has a row for each.
    status = {one.target_id: one.status for one in content.targets}
    counted = Counter(status.values())
    said = "; ".join(f"{TARGET_STATUS_VI[one]}: {counted[one]}" for one in TARGET_STATUS_VI if counted[one])
    open_ones = sorted((one for one in content.targets if one.status in _ORDER), key=lambda one: _ORDER[one.status])
    first = {one.target_id: one for one in reversed(open_ones)}
    chosen = [first[target_id] for target_id in dict.fromkeys(one.target_id for one in open_ones)]
    rows = _cut([_target(one) for one in chosen], room.targets, TARGETS.sheet)
    return _Section(
        "Chỉ tiêu / Targets",
        ("Kết quả", "Mức phải đạt", "Kết luận"),
        (_Row("", f"{len(status)} chỉ tiêu: {said or NOTHING}", is_whole=True), *rows),
    )


def _target(one: TargetRow) -> _Row:
    value: Cell = quantity_value(one.figure) if one.figure is not None else Cell(NOTHING)
    right = (value, one.bound_text or NOTHING, TARGET_STATUS_VI[one.status])
    return _Row(one.target_id, one.text_vi, right, is_bad=one.status == "missed")


def _reports(content: ReportContent) -> _Section:
    by_state: dict[ReportState, list[str]] = {}
    for one in content.reporting:
        by_state.setdefault(one.state, []).append(one.unit_name)
    owed = len(content.reporting)
    rows = [_Row("", REPORT_STATE_VI["on_time"], (_count(len(by_state.get("on_time", ()))), _count(owed)))]
    for state in _NOT_IN_TIME:
        if units := by_state.get(state):
            names = "; ".join(dict.fromkeys(units))
            text = f"{REPORT_STATE_VI[state]}: {names}"
            rows.append(_Row("", text, (_count(len(units)), _count(owed)), is_brief=True))
    return _Section(f"Báo cáo phải gửi / Reports ({REPORTING.sheet})", ("Số báo cáo", "Phải gửi", ""), tuple(rows))


def _dossiers(content: ReportContent) -> _Section:
    total = next((row for row in content.office_form if row.is_total), None)
    if total is None:
        return _Section("Hồ sơ một cửa / Dossiers", ("", "", ""), (_Row("", NOTHING),))
    rows = (
        _Row("", "Tiếp nhận (kể cả kỳ trước chuyển qua)", (_count(total.c3),)),
        _Row(
            "",
            "Đã giải quyết; trong đó quá hạn",
            (_count(total.c7), _count(total.c10), _overdue(total.c10)),
            total.c10 > 0,
        ),
        _Row(
            "",
            "Đang giải quyết; trong đó quá hạn",
            (_count(total.c11), _count(total.c13), _overdue(total.c13)),
            total.c13 > 0,
        ),
    )
    return _Section(f"Hồ sơ một cửa / Dossiers ({OFFICE_FORM.sheet})", ("Hồ sơ", "Quá hạn", ""), rows)


def _tasks(content: ReportContent, room: _Room) -> _Section:
    counted = Counter(one.state for one in content.tasks)
    said = "; ".join(f"{TASK_STATE_VI[one]}: {counted[one]}" for one in TASK_STATE_VI if counted[one])
    overdue = [
        _Row(one.task_id, one.task_vi, (one.lead, Cell(one.last_day_on, DAY_FORMAT), TASK_STATE_VI[one.state]), True)
        for one in content.tasks
        if one.state == "overdue"
    ]
    return _Section(
        "Nhiệm vụ / Tasks",
        ("Chủ trì", "Ngày cuối", "Tình trạng"),
        (_Row("", f"{len(content.tasks)} lần phải làm: {said or NOTHING}", is_whole=True),
         *_cut(overdue, room.tasks, TASKS.sheet)),
    )  # fmt: skip


def _nonconformities(content: ReportContent, room: _Room) -> _Section:
    waiting = [one for one in content.nonconformities if one.state in OPEN]
    grades = Counter(one.grade for one in waiting)
    day = content.requested_at.date()
    late = sum(one.due_on is not None and one.due_on < day for one in waiting)
    said = "; ".join(f"{name}: {grades[grade]}" for grade, name in GRADE_VI.items() if grades[grade])
    head = _Row("", f"Chưa đóng {len(waiting)} ({said or NOTHING}); quá hạn xử lý {late}", is_whole=True)
    major = [_nonconformity(one) for one in waiting if one.grade == "major"]
    return _Section(
        "Điểm không phù hợp / Nonconformities",
        ("Đơn vị", "Hạn", "Mức độ"),
        (head, *_cut(major, room.nonconformities, NONCONFORMITIES.sheet)),
    )


def _nonconformity(one: NonconformityRow) -> _Row:
    due = Cell(one.due_on, DAY_FORMAT) if one.due_on is not None else Cell(NOTHING)
    # The number's beginning is the period's, which stands above.
    return _Row(one.number.rpartition("-")[2], one.message_vi, (one.unit_name, due, GRADE_VI[one.grade]), True)


def _figures(content: ReportContent, room: _Room) -> _Section:
    by_id = {one.indicator_id: one for one in content.figures if not one.unit_name and not one.dimension}
    chosen = [by_id[one] for one in content.charted if one in by_id]
    rows = _cut([_figure(one) for one in chosen], room.figures, SERIES.sheet)
    return _Section("So với kỳ trước / Against the period before", ("Kỳ này", "Kỳ trước", ""), rows)


def _figure(one: FigureRow) -> _Row:
    before = measure(one.before_value, one.quantity.unit)
    return _Row("", one.name_vi, (quantity_value(one.quantity), before, TREND_VI[one.trend]), is_brief=True)


def _version(content: ReportContent, room: _Room) -> _Section:
    found = [_Row("", line, is_brief=True) for line in content.difference_lines]
    first = [_Row("", "Bản đầu tiên của kỳ / the first version of the period")]
    return _Section(
        "So với bản trước / Against the version before", ("", "", ""), _cut(found or first, room.differences, COVER)
    )


def _plan(content: ReportContent, room: _Room) -> _Section:
    """Who changed the plan, from what to what, and which verdicts that turned: a cover says all of it."""
    rows = []
    for one in content.plan_changes:
        said = f"{one.proposed_by} đề nghị / proposed, {one.accepted_by} chấp nhận / accepted"
        rows += [_Row(one.number, said, ("", "", Cell(one.accepted_on, DAY_FORMAT)))]
        rows += [_Row("", change, keeps_end=True) for change in one.changes]
    turned = [
        _Row(one.target_id, one.text_vi, (_verdict(one.before), "→", _verdict(one.after)), is_brief=True)
        for one in content.turned_by_plan
    ]
    return _Section(
        "Kế hoạch thay đổi / Plan changed",
        ("Kết luận trước", "", "Kết luận sau"),
        (*_cut(rows, room.changes, COVER), *_cut(turned, room.turned, COVER)),
    )


def _verdict(status: TargetStatus | None) -> str:
    return TARGET_STATUS_VI[status] if status is not None else NOTHING


def _overdue(count: int) -> str:
    return "Có quá hạn" if count else "Không quá hạn"


def _count(number: int) -> Cell:
    return Cell(number, COUNT_FORMAT)
