"""What does the plan look like in a terminal? Long texts stand in whole lines, so that they can be searched."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console

from flows.measures.wording import count, share
from motcua.printing.terminal import table
from schemas.plan import Plan
from schemas.plan_models import Procedure, Target, TargetPart

if TYPE_CHECKING:
    from flows.desk.plan_view import AreaShown, DueDay, PlanView, ReportTypeShown, TaskShown, YearShown

BASES = {
    "seed": "văn bản",
    "page": "trang công khai",
    "example": "ví dụ",
    "imported": "Sở nhập",
    "carried": "năm trước, cần xác nhận",
}
_LEGEND = (
    "Nguồn / basis: văn bản = the plan document; trang công khai = a public page; "
    "ví dụ = an example of ours, to be replaced; Sở nhập = imported by the department"
)
_KINDS = {
    "dated": "trước một ngày",
    "in_period": "trong kỳ",
    "recurring": "nhiều lần",
    "ongoing": "thường xuyên, không có ngày",
    "on_instruction": "theo cấp trên, không có ngày",
}
_COUNTS = {
    "periods": "Kỳ / periods",
    "report_types": "Loại báo cáo / report types",
    "report_items": "Mục báo cáo / line items",
    "outgoing_reports": "Báo cáo của Sở / outgoing reports",
    "targets": "Mục tiêu / targets",
    "tasks": "Nhiệm vụ / tasks",
    "offices": "Phòng / offices",
    "units": "Đơn vị / units",
    "procedures": "Thủ tục / procedures",
    "calendar_days": "Ngày trong lịch / calendar days",
    "opening_balance": "Số dư đầu kỳ / opening balance",
    "earlier_figures": "Số liệu kỳ trước / earlier figures",
}
_PERIOD_KINDS = {"flow": "trong kỳ / flow", "cumulative": "lũy kế / cumulative"}
_COMPARISONS = {"=": "=", ">": ">", ">=": "≥", "<": "<", "<=": "≤"}
_DAY_OFF, _PROVISIONAL = "ngày nghỉ / day off", "tạm tính / provisional"


def show_counts(console: Console, plan: Plan, counts: Mapping[str, int]) -> None:
    """Print how many rows of each kind a right plan has."""
    _line(console, f"{plan.document.id}: {plan.document.title_vi} · {plan.document.name_vi}")
    for name, number in counts.items():
        kind, _, area = name.partition(" ")
        _line(console, f"  {_COUNTS[kind]}{f', {area}' if area else ''}: {number}")
    show_open_items(console, plan)
    _line(console, "OK")


def show_open_items(console: Console, plan: Plan) -> None:
    """Print what a person must still confirm before the plan can be in force."""
    if plan.open_items:
        done = f"{len(plan.to_confirm) - len(plan.open_items)}/{len(plan.to_confirm)}"
        _line(console, f"Cần xác nhận / to confirm: {len(plan.open_items)} (đã xong / done {done})")
    for item in plan.open_items:
        place = ", ".join(part for part in (item.file, item.key) if part)
        _line(console, f"  {item.item}  {place}: {item.question_vi} / {item.question_en}")


def show_plan(console: Console, view: "PlanView") -> None:
    """Print everything that a plan fixes."""
    _show_document(console, view)
    _show_periods(console, view)
    _show_reports(console, view)
    _show_targets(console, view)
    show_areas(console, view.areas)
    _show_catalogues(console, view)
    _show_calendar(console, view.calendar)
    _show_conventions(console, view)


def show_areas(console: Console, areas: Iterable["AreaShown"]) -> None:
    """Print the tasks of these areas with all their fields."""
    for shown in areas:
        title = f"Nhiệm vụ / tasks {shown.area.id}. {shown.area.name_vi} / {shown.area.name_en} ({len(shown.tasks)})"
        _heading(console, title)
        for task in shown.tasks:
            _show_task(console, task)


def _line(console: Console, text: str, style: str | None = None) -> None:
    """Print a text as it is; the terminal breaks it, a file keeps it whole."""
    console.print(text, style=style, markup=False, soft_wrap=True)


def _heading(console: Console, text: str) -> None:
    console.print()
    _line(console, text, "bold")


def _on(day: date | None) -> str:
    return "chưa xác định / not determined" if day is None else f"{day:%d/%m/%Y}"


def _due(due: "DueDay") -> str:
    marks = ", ".join([_DAY_OFF] * due.is_day_off + [_PROVISIONAL] * due.is_provisional)
    said = _on(due.last_day_on) + (f" ({marks})" if marks else "")
    return f"{due.period}: {said}" if due.period else said


def _basis(basis: str) -> str:
    return BASES.get(basis, basis)


def _show_document(console: Console, view: "PlanView") -> None:
    document, decision = view.document, view.document.decision
    _line(console, f"{document.title_vi} / {document.title_en} ({document.id})", "bold")
    _line(console, f"{document.name_vi} / {document.name_en}")
    number = decision.number or "để trống trong văn bản / blank in the document"
    issued = f" · {decision.issued_by_vi}" if decision.issued_by_vi else ""
    _line(console, f"Quyết định / decision: số {number} · ngày {_on(decision.on)}{issued}")
    if decision.dateline_vi:
        _line(console, f"  Văn bản ghi / the document says: {decision.dateline_vi}")
    for text in decision.based_on_vi:
        _line(console, f"  {text}")
    offices = {unit.code: unit.name_vi for unit in view.units}
    _line(console, f"Thường trực / standing office: {offices[document.consolidating_office]}")
    _line(console, f"Múi giờ / time zone: {document.timezone} · SHA-256 {view.sha256}")
    for name, code in (("Mã hồ sơ / dossier code", document.dossier_code), ("Mã TTHC", document.procedure_code)):
        _line(console, f"{name}: {code.example} · {code.pattern}")
    _line(console, _LEGEND)
    if document.provision:
        _heading(console, "Quy định khác / other provisions")
    for provision in document.provision:
        _line(console, f"{provision.id}  {provision.text_vi}")
        _line(console, f"      Căn cứ / basis: {provision.basis}")


def _show_periods(console: Console, view: "PlanView") -> None:
    rows = [
        [shown.period.id, f"{shown.period.name_vi} / {shown.period.name_en}", _PERIOD_KINDS[shown.period.kind],
         _on(shown.period.first_day), _on(shown.period.last_day), shown.working_day_count,
         shown.period.before, shown.period.year_ago]
        for shown in view.periods
    ]  # fmt: skip
    columns = ("Kỳ", "Tên / name", "Loại / kind", "Từ", "Đến", "Ngày làm việc", "Kỳ trước", "Cùng kỳ")
    console.print()
    console.print(table("Kỳ báo cáo / periods", columns, rows, right=(5,)))


def _show_reports(console: Console, view: "PlanView") -> None:
    _heading(console, "Báo cáo phải gửi và ngày cuối / reports and their last days")
    for shown in view.report_types:
        _show_report_type(console, shown)
    for outgoing in view.outgoing_reports:
        report = outgoing.report
        _line(console, f"{report.id}  {report.name_vi} / {report.name_en} → {report.recipient_vi}")
        _line(console, f"      {'; '.join(_due(due) for due in outgoing.due)}")
        _line(console, f"      Căn cứ / basis: {report.basis}")
    for shown in view.report_types:
        if shown.items:
            rows = [
                [item.code, item.area, item.name_vi, item.unit_of_measure, ", ".join(item.required_in),
                 item.relation, _basis(item.basis)]
                for item in shown.items
            ]  # fmt: skip
            columns = ("Mã", "Lĩnh vực", "Mục / item", "Đơn vị tính", "Kỳ", "Quan hệ", "Nguồn")
            console.print()
            console.print(table(f"Mục của / line items of {shown.report_type.id}", columns, rows))


def _show_report_type(console: Console, shown: "ReportTypeShown") -> None:
    report_type = shown.report_type
    _line(console, f"{report_type.id}  {report_type.name_vi} / {report_type.name_en}")
    _line(console, f"      Nơi gửi / from: {', '.join(shown.senders) or '–'}")
    _line(console, f"      {'; '.join(_due(due) for due in shown.due) or '–'}")
    for period, days in report_type.days_after_decision.items():
        _line(console, f"      {period}: sau {days} ngày kể từ ngày quyết định / {days} days after the decision")
    _line(console, f"      Căn cứ / basis: {report_type.basis}")


def _way(way: TargetPart) -> str:
    of = f" [{way.dimension} = {way.dimension_value}]" if way.dimension else ""
    if way.comparison == "rising" or way.threshold is None:
        return f"{way.indicator}{of} tăng so với kỳ trước / rising"
    return f"{way.indicator}{of} {_COMPARISONS[way.comparison]} {share(way.threshold, Decimal(1))}"


def _measure(target: Target) -> str:
    if target.tasks:
        return f"các nhiệm vụ xong và có minh chứng / tasks done with evidence: {', '.join(target.tasks)}"
    ways = " hoặc / or ".join(_way(way) for way in target.ways)
    return ways or "chỉ có lời văn, không tính / in words, not computed"


def _show_targets(console: Console, view: "PlanView") -> None:
    _heading(console, f"Mục tiêu / targets ({len(view.targets)})")
    for target in view.targets:
        _line(console, f"{target.id}  {target.text_vi}")
        _line(console, f"      {target.text_en}")
        _line(console, f"      Đo bằng / measured by: {_measure(target)}")
        if target.note_vi:
            _line(console, f"      Ghi chú / note: {target.note_vi}")
        _line(console, f"      Căn cứ / basis: {target.basis}")
    for broken in view.series_breaks:
        _line(console, f"Đứt chuỗi / series break {_on(broken.on)}: {broken.text_vi} / {broken.text_en}")
        _line(console, f"      {', '.join(broken.indicators)} · Căn cứ / basis: {broken.basis}")


def _show_task(console: Console, shown: "TaskShown") -> None:
    task = shown.task
    days = "; ".join(_due(due) for due in shown.due)
    first = f"từ {_on(task.first_day)}, " if task.first_day else ""
    by = f": {first}ngày cuối / last day {days}" if days else ""
    _line(console, f"{task.id}  {task.task_vi}")
    _line(console, f"      Sản phẩm / product: {task.product_vi}")
    _line(console, f"      Tiến độ / schedule: {task.schedule_vi} ({_KINDS[task.schedule_kind]}{by})")
    cooperating = f"; phối hợp / cooperating: {', '.join(shown.cooperating_vi)}" if shown.cooperating_vi else ""
    _line(console, f"      Chủ trì / lead: {', '.join(shown.lead_vi)}{cooperating}")
    _line(console, f"      Phân công / assignment: {task.assignment_vi}")
    if task.original_vi:
        _line(console, f"      Đã sửa lỗi đánh máy; nguyên văn / corrected; the document's words: {task.original_vi}")
    _line(console, f"      Nguồn / basis: {_basis(task.basis)}")


def _show_catalogues(console: Console, view: "PlanView") -> None:
    kinds = {"office": "phòng / office", "unit": "đơn vị / unit"}
    units = [
        [unit.code, unit.name_vi, unit.short_name, kinds[unit.kind], "có" if unit.handles_dossiers else "",
         "có" if unit.sends_reports else "", ", ".join(unit.aliases), _basis(unit.basis)]
        for unit in view.units
    ]  # fmt: skip
    columns = ("Mã", "Tên / name", "Tắt", "Loại", "Xử lý hồ sơ", "Gửi báo cáo", "Tên khác", "Nguồn")
    console.print()
    console.print(table("Phòng và đơn vị / offices and units", columns, units))
    limits = {"working_day": "ngày làm việc", "calendar_day": "ngày", "hour": "giờ", "immediate": "trả ngay"}
    procedures = [
        [p.code, p.name_vi, p.field, p.office, f"{count(p.limit)} {limits[p.limit_unit]}".removeprefix("0 "),
         f"{p.level_number} {p.level_name}".strip(), _online(p), p.fee_vnd,
         f"mã {_basis(p.code_basis)}; hạn {_basis(p.limit_basis)}; mức {_basis(p.online_basis)}"]
        for p in view.procedures
    ]  # fmt: skip
    headings = (
        "Mã",
        "Thủ tục / procedure",
        "Lĩnh vực",
        "Phòng",
        "Thời hạn",
        "Mức độ",
        "Trực tuyến",
        "Phí (đồng)",
        "Nguồn",
    )
    console.print(table("Thủ tục hành chính / procedures", headings, procedures, right=(7,)))


def _online(procedure: Procedure) -> str:
    said = (
        "đủ điều kiện" if procedure.is_eligible_online else "",
        "trên Cổng" if procedure.is_on_national_portal else "",
    )
    return ", ".join(word for word in said if word)


def _show_calendar(console: Console, years: Iterable["YearShown"]) -> None:
    rows = [
        [shown.year, shown.working_day_count, sum(day.kind == "off" for day in shown.days),
         ", ".join(f"{day.day:%d/%m}" for day in shown.days if day.kind == "worked"),
         "đã ban hành / decreed" if shown.is_decreed else "dự kiến / expected",
         "; ".join(dict.fromkeys(day.basis for day in shown.days))]
        for shown in years
    ]  # fmt: skip
    columns = ("Năm", "Ngày làm việc", "Nghỉ lễ trong tuần", "Làm bù", "Lịch", "Căn cứ")
    console.print(table("Lịch làm việc / calendar", columns, rows, right=(0, 1, 2)))


def _show_conventions(console: Console, view: "PlanView") -> None:
    _heading(console, "Quy ước / conventions")
    for name, convention in view.conventions.items():
        said = convention.text_vi.replace("{value}", str(convention.value))
        _line(console, f"{name} = {convention.value}: {said}")
        _line(console, f"      {convention.text_en.replace('{value}', str(convention.value))}")
        _line(console, f"      Căn cứ / basis: {convention.basis}")
    for note in view.notes:
        _line(console, f"· {note.text_vi}")
        _line(console, f"      {note.text_en}")
        _line(console, f"      Căn cứ / basis: {note.basis}")
