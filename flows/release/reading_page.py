"""What does the page say that an approver reads first? What differs from the version before, in names and words.

What was decided about the plan, what became of submissions, the verdicts that turned, then the quantities; a code
stands after its name, in brackets.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from textwrap import shorten

from audit import releases
from audit.ledger import Ledger
from flows.measures.names import (
    DEPARTMENT_WORDS,
    both,
    change_name_text,
    dimension_name,
    dimension_value_name,
    figure_name,
    period_text,
    quantity_name,
    unit_name,
    verdict_name,
)
from flows.measures.targets import DEPARTMENT
from flows.measures.wording import count
from flows.release.content import OFFICIAL, Content
from flows.release.plan_changes import PlanDecision
from flows.release.report_content import Issue
from flows.release.restatement import CAUSES, CHANGES_NAME, Changes
from flows.release.source_changes import Deed, SourceChange, source_text
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.text import visible
from warehouse.versions import version_folder
from warehouse.workspace import Workspace

Row = Mapping[str, object]
_TARGETS, _WAIVERS = "data/targets.csv", "data/waivers.csv"
_SHOWN = 40
_TARGET_SHOWN = 90
_UNKNOWN = "(chưa xác định)"
_CAUSE_NAMES = dict(
    zip(CAUSES, ("mã chương trình / code", "báo cáo muộn / late reports", "nguồn được sửa / corrected source",
                 "kế hoạch / plan", "quy tắc hoặc cách tính / rules or method"), strict=True)
)  # fmt: skip


def read_first(workspace: Workspace, ledger: Ledger, period: Period, issue: Issue, made: Content) -> bytes:
    """Return the page that says what differs from the version before; `ledger` is that of before the request."""
    before = releases.published(ledger.entries, period.id)[-1:]
    lines = [
        f"# {period_text(period)} v{issue.version}: đọc trước khi duyệt / read before approving",
        "",
        f"{period.name_vi} / {period.name_en}",
        "",
        f"- Đề nghị / requested by: {issue.requested_by}, {issue.at:%d/%m/%Y %H:%M}",
        f"- Lý do / reason: {issue.reason or '–'}",
        f"- Nội dung / content: `{made.sha256}`",
        f"- Ngoại lệ đang hiệu lực / exceptions in force: {len(list(_csv_rows(made.official[_WAIVERS])))}",
        "",
    ]
    changed, plan = made.changed, workspace.plan
    rows: Sequence[Row] = changed.table.to_pylist() if changed is not None else ()
    lines += _because(changed, plan)
    if before:
        old = (version_folder(workspace, period.id, before[0].version) / OFFICIAL / _TARGETS).read_bytes()
        statuses = [
            {row["target_id"]: row["status"] for row in _csv_rows(file)} for file in (old, made.official[_TARGETS])
        ]
        lines += [
            *_verdicts(f"khác {before[0].number} / that differ from {before[0].number}", statuses, rows, plan),
            "",
        ]
        lines += [*_figures(before[0].number, [row for row in rows if row["kind"] == "figure"], changed, plan), ""]
    else:
        lines += ["Bản đầu tiên, không có gì để so sánh / the first version: there is nothing to compare it with.", ""]
        turned = [row for row in rows if row["kind"] == "target"]
        if turned:
            sides = [
                {str(row["figure"]): str(row[name]) for row in turned} for name in ("stated_before", "stated_after")
            ]
            lines += [*_verdicts("đổi vì kế hoạch / turned by the plan", sides, rows, plan), ""]
    # What people wrote stays on its line.
    return ("\n".join(visible(line) for line in lines)).encode()


def _csv_rows(content: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig")))


def _because(changed: Changes | None, plan: Plan) -> Iterator[str]:
    """Say what was decided about the plan and what became of submissions, each with who or why."""
    if changed is None:
        return
    if changed.by_plan.decisions:
        yield f"## Kế hoạch thay đổi / the plan was changed: {len(changed.by_plan.decisions)}"
        yield ""
        for decision in changed.by_plan.decisions:
            yield from _decision(decision, plan)
        yield ""
    if changed.sources:
        yield f"## Lần nộp thay đổi / submissions that changed: {len(changed.sources)}"
        yield ""
        for one in changed.sources:
            yield f"- {source_text(one, plan)}"
        yield ""


def _decision(one: PlanDecision, plan: Plan) -> Iterator[str]:
    yield (
        f"- {one.number}: {one.proposed_by} đề nghị / proposed, {one.accepted_by} chấp nhận / accepted,"
        f" {one.accepted_on:%d/%m/%Y}: {one.reason}"
    )
    yield from (f"  - {change_name_text(plan, change)}" for change in one.changes)


def _verdicts(title: str, statuses: Sequence[Mapping[str, str]], rows: Sequence[Row], plan: Plan) -> Iterator[str]:
    was, now = statuses
    turned = [one for one in sorted(was.keys() | now.keys()) if was.get(one) != now.get(one)]
    texts = {
        one.id: both(*(shorten(text, _TARGET_SHOWN, placeholder="…") for text in (one.text_vi, one.text_en)))
        for one in plan.targets
    }
    why = {str(row["figure"]): row for row in rows if row["kind"] == "target"}
    vi, en = title.split(" / ", 1)
    yield f"## Kết luận {vi} / verdicts {en}: {len(turned)}"
    yield ""
    for one in turned:
        by = str(why[one]["decision"] or "") if one in why else ""
        name = f"{texts[one]} ({one})" if one in texts else one
        turn = f"{verdict_name(was.get(one, ''))} → {verdict_name(now.get(one, ''))}"
        yield f"- {name}: {turn}" + (f" ({_CAUSE_NAMES['plan']}: {by})" if by else "")


def _figures(number: str, rows: Sequence[Row], changed: Changes | None, plan: Plan) -> Iterator[str]:
    yield f"## Số liệu khác {number} / quantities that differ from {number}: {len(rows)}"
    yield ""
    names = {**_CAUSE_NAMES, **(source_names(changed.sources) if changed is not None else {})}
    for row in rows[:_SHOWN]:
        parts = {cause: row[f"part_{n}_{cause}"] for n, cause in enumerate(CAUSES, start=1)}
        why = "; ".join(f"{names[cause]} {_signed(part)}" for cause, part in parts.items() if _is_some(part))
        change = f"{_value(row['before'])} → {_value(row['after'])}"
        yield f"- {_place_name(row, plan)}: {change}; {why} ({_place_codes(row)})"
    if len(rows) > _SHOWN:
        yield f"- … {len(rows) - _SHOWN} dòng nữa / more: {OFFICIAL}/{CHANGES_NAME}"


def source_names(sources: Sequence[SourceChange]) -> dict[str, str]:
    """Return what a part is called where one deed alone is behind it."""
    deeds = {one.deed for one in sources if one.cause == "corrected_source"}
    return {"corrected_source": _DEED_CAUSES[deeds.pop()]} if len(deeds) == 1 else {}


_DEED_CAUSES: Mapping[Deed, str] = {
    "withdrawn": "lần nộp đã rút / withdrawn submission",
    "reinstated": "lần nộp được tính lại / reinstated submission",
    "corrected": "ô được đính chính / corrected cell",
    "receipt_mended": "ngày nhận được sửa / mended day of receipt",
    "sender_mended": "nơi gửi hoặc kỳ được sửa / mended sender or period",
    "another_round": "báo cáo, sổ gửi lại / sent again",
}


def _place_name(row: Row, plan: Plan) -> str:
    unit, dimension = str(row["unit_code"]), str(row["dimension"])
    words = [figure_name(str(row["figure"])), DEPARTMENT_WORDS if unit == DEPARTMENT else unit_name(plan, unit)]
    if dimension:
        value = dimension_value_name(dimension, str(row["dimension_value"]), plan) or _UNKNOWN
        words.append(f"{dimension_name(dimension)}: {value}")
    return ", ".join([*words, quantity_name(str(row["quantity"]))])


def _place_codes(row: Row) -> str:
    return " ".join(str(row[name]) for name in ("figure", "unit_code", "dimension_value", "quantity") if row[name])


def _value(value: object) -> str:
    return count(value) if isinstance(value, Decimal) else "–"


def _signed(part: object) -> str:
    text = _value(part)
    return text if text.startswith("-") else f"+{text}"


def _is_some(part: object) -> bool:
    return isinstance(part, Decimal) and part != 0
