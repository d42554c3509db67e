"""What do people call the figures, units, parts and verdicts that the data name by codes? Vietnamese first.

A `_name` is the name alone, a `_text` the name with its code behind, in brackets. What the plan or the catalogue does
not know goes by its code, never by nothing.
"""

from functools import cache

from audit.events import PlanKeyChange
from audit.steps import Nonconformity
from flows.entry.plan_gate import change_text
from flows.measures.targets import DEPARTMENT
from releases.workbook.words import CHANNEL_VI, DIMENSION_VI, TARGET_STATUS_VI
from schemas.plan import Plan
from schemas.plan_diff import KeyChange
from schemas.plan_models import EVERY_OFFICE, EVERY_UNIT, Period
from schemas.rules import load_rules
from schemas.vocabulary import COLUMN_VI
from sql.datasets import published_datasets
from sql.indicators import load_indicators

FORM = "II.06a"
# What is broken down and is no indicator of its own.
_WHOLES = {"form": "Biểu II.06 / Form II.06", "indicators": "Chỉ số / indicators"}
_PARTS = {"numerator": "tử số / numerator", "denominator": "mẫu số / denominator"}
_VERDICTS_EN = {
    "met": "met",
    "missed": "missed",
    "no_cases": "no cases",
    "no_data": "no data",
    "not_determined": "not determined",
}
DEPARTMENT_WORDS = "Toàn Sở"


def both(vi: str, en: str) -> str:
    """Return two names as one, the second alone where they are the same."""
    return vi if vi == en or not en else f"{vi} / {en}"


@cache
def _form_columns() -> dict[str, tuple[str, str]]:
    [form] = [one for one in published_datasets() if one.name == "form_ii06a"]
    return {one.name: (one.title_vi, one.description) for one in form.column}


def form_column_name(column: str) -> str:
    """Return what a column of the form is called; its own code where the form has none of that name."""
    return both(*_form_columns().get(column, (column, "")))


def figure_name(figure: str) -> str:
    """Return what a form or an indicator is called."""
    if figure.startswith(FORM):
        return f"Biểu {figure} / Form {figure}"
    found = load_indicators().get(figure)
    return both(found.name_vi, found.name_en) if found is not None else figure


def figure_text(figure: str) -> str:
    """Return the Vietnamese name of an indicator with its id."""
    found = load_indicators().get(figure)
    return _coded(found.name_vi if found is not None else "", figure)


def breakdown_name(figure: str, dimension: str) -> str:
    """Return what a figure broken down is called, as the open part's README names it."""
    # The open part knows pyarrow, which whoever asks for a name alone does not wait for.
    from releases.disclosure.open_readme import BREAKDOWN_WORDS

    name = _WHOLES.get(figure) or figure_name(figure)
    return f"{name}, {BREAKDOWN_WORDS.get(dimension, dimension)}"


def quantity_name(quantity: str) -> str:
    """Return what a part of a figure, or a column of the form, is called."""
    return _PARTS.get(quantity) or form_column_name(quantity)


def unit_name(plan: Plan, code: str | None) -> str:
    """Return the short name of a unit, what all of them together are called, or the department; else the code."""
    if not code or code == DEPARTMENT:
        return DEPARTMENT_WORDS
    if code in (EVERY_OFFICE, EVERY_UNIT):
        return plan.lead_name(code)
    unit = next((unit for unit in plan.units if unit.code == code), None)
    if unit is None:
        return code
    # A short name that is the code itself says no more than the code.
    return unit.short_name if unit.short_name != code else unit.name_vi


def unit_text(plan: Plan, code: str | None) -> str:
    """Return the short name of a unit with its code; the department has none."""
    return _coded(unit_name(plan, code), code or "")


def period_text(period: Period) -> str:
    """Return the name of a period with its id."""
    return _coded(period.name_vi, period.id)


def report_type_name(plan: Plan, type_id: str) -> str:
    """Return what a type of report is called."""
    return next((one.name_vi for one in plan.report_types if one.id == type_id), type_id)


def target_text(plan: Plan, target_id: str) -> str:
    """Return the words of a target with its number."""
    return _coded(next((one.text_vi for one in plan.targets if one.id == target_id), ""), target_id)


def task_text(plan: Plan, task_id: str) -> str:
    """Return the words of a task of the plan with its number."""
    return _coded(next((one.task_vi for one in plan.tasks if one.id == task_id), ""), task_id)


def item_text(plan: Plan, code: str) -> str:
    """Return what a line item of a report is called with its code."""
    return _coded(next((one.name_vi for one in plan.report_items if one.code == code), ""), code)


def column_text(plan: Plan, column: str | None) -> str:
    """Return what a column of a dossier row, or a line item of a report, is called with its code; nothing for none."""
    if not column:
        return ""
    return _coded(COLUMN_VI[column], column) if column in COLUMN_VI else item_text(plan, column)


def change_name_text(plan: Plan, change: KeyChange | PlanKeyChange) -> str:
    """Return one difference between two plans after the name of what it is about, where the plan has that name."""
    name = _changed_name(plan, change.file, change.key.split(", ")[0])
    return f"{name}: {change_text(change)}" if name else change_text(change)


def _changed_name(plan: Plan, file: str, key: str) -> str:
    last = key.rpartition(" ")[2]
    match file:
        case "targets.toml" if key.startswith("target "):
            return next((one.text_vi for one in plan.targets if one.id == last), "")
        case "tasks.csv":
            return next((one.task_vi for one in plan.tasks if one.id == key), "")
        case "units.csv":
            return next((one.name_vi for one in plan.units if one.code == key), "")
        case "procedures.csv":
            return next((one.name_vi for one in plan.procedures if one.code == key), "")
        case "report_items.csv":
            return next((one.name_vi for one in plan.report_items if f"{one.report_type} {one.code}" == key), "")
        case "periods.toml":
            names = {one.id: one.name_vi for one in plan.periods} | {one.id: one.name_vi for one in plan.report_types}
            return names.get(last, "")
        case _:
            return ""


def dimension_name(dimension: str) -> str:
    """Return what a figure is broken down by."""
    return DIMENSION_VI.get(dimension, dimension)


def dimension_value_name(dimension: str, value: str, plan: Plan) -> str:
    """Return what people call a value of a dimension."""
    match dimension:
        case "channel":
            return CHANNEL_VI.get(value, value)
        case "procedure_code":
            names = {procedure.code: procedure.name_vi for procedure in plan.procedures}
            return f"{value} – {names[value]}" if value in names else value
        case "area":
            return next((f"{area.id}. {area.name_vi}" for area in plan.document.area if area.id == value), value)
        case "report_type":
            return report_type_name(plan, value)
        case "age_class":
            # The number before the colon only puts the classes in order.
            return value.partition(": ")[2] or value
        case _:
            return value


def verdict_name(status: str) -> str:
    """Return a verdict on a target in both languages; a dash where there was none."""
    known = {str(code): words for code, words in TARGET_STATUS_VI.items()}
    return both(known[status], _VERDICTS_EN[status]) if status in known else status or "–"


def rule_text(rule_id: str) -> str:
    """Return what a rule says was wrong, in Vietnamese, with its code."""
    rule = load_rules().get(rule_id)
    return _coded(rule.message_vi if rule is not None else "", rule_id)


def nonconformity_text(item: Nonconformity) -> str:
    """Return what a nonconformity is about: what its rule says, or what somebody recorded."""
    return rule_text(item.identity.rule_id) if item.identity.rule_id else item.description


def rule_title(rule_id: str) -> str:
    """Return what a rule says was wrong, in both languages, with its code; the code alone of one that is not known."""
    rule = load_rules().get(rule_id)
    return f"{both(rule.message_vi, rule.message_en)} ({rule_id})" if rule is not None else rule_id


def _coded(name: str, code: str) -> str:
    return name if not code or name == code else f"{name} ({code})" if name else code
