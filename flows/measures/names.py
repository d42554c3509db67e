"""What do people call the figures, units, parts and verdicts that the data name by codes? Vietnamese first."""

from functools import cache

from flows.measures.targets import DEPARTMENT
from releases.disclosure.open_readme import BREAKDOWN_WORDS
from releases.workbook.words import CHANNEL_VI, DIMENSION_VI, TARGET_STATUS_VI
from schemas.plan import Plan
from schemas.plan_models import EVERY_OFFICE, EVERY_UNIT
from schemas.rules import load_rules
from sql.datasets import published_datasets
from sql.indicators import load_indicators

FORM = "II.06a"
_FORM_WORDS = "Biểu II.06 / Form II.06"
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


def breakdown_name(figure: str, dimension: str) -> str:
    """Return what a figure broken down is called, as the open part's README names it."""
    name = _FORM_WORDS if figure == "form" else figure_name(figure)
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
    return next((unit.short_name for unit in plan.units if unit.code == code), code)


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
            return next((one.name_vi for one in plan.report_types if one.id == value), value)
        case "age_class":
            # The number before the colon only puts the classes in order.
            return value.partition(": ")[2] or value
        case _:
            return value


def verdict_name(status: str) -> str:
    """Return a verdict on a target in both languages; a dash where there was none."""
    known = {str(code): words for code, words in TARGET_STATUS_VI.items()}
    return both(known[status], _VERDICTS_EN[status]) if status in known else status or "–"


def rule_title(rule_id: str) -> str:
    """Return what a rule says was wrong, in both languages, with its code; the code alone of one that is not known."""
    rule = load_rules().get(rule_id)
    return f"{both(rule.message_vi, rule.message_en)} ({rule_id})" if rule is not None else rule_id
