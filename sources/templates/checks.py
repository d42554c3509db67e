"""Which formulas tell a sender, beside each cell and while the report is filled in, whether it is right?

They ask what the reader asks later, but decide nothing: the reader computes everything anew. All but those of the task
table refer to the workbook's names, so that they stay the same wherever a cell moves.
"""

import re
from collections.abc import Sequence

from schemas.plan_models import Period, ReportItem
from schemas.relation import TASKS_DATED, TASKS_DONE, TASKS_LISTED, Relation, Term, parse_relations

OK, INCOMPLETE, RECHECK = "OK", "Chưa điền", "Kiểm tra lại"
CHECK_HEADING = "Kiểm tra"
ITEM_CHECKS, TASK_CHECKS = "item_checks", "task_checks"
# The columns of the task table that formulas count in.
TASK_NAMES, TASK_DUE, TASK_STATE = "task_names", "task_due", "task_state"

# How people call what is counted in the task table.
TASK_WORDS = {
    TASKS_LISTED: "số nhiệm vụ ở trang Nhiệm vụ",
    TASKS_DATED: "số nhiệm vụ có thời hạn ở trang Nhiệm vụ",
    TASKS_DONE: "số nhiệm vụ đến hạn đã hoàn thành ở trang Nhiệm vụ",
}

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_REFERENCE = re.compile(r"(?<![A-Z0-9_.])\$?[A-Z]{1,3}\$?[0-9]+(?![A-Z0-9_.(])")
_YES_NO_TOLD = f"{RECHECK}: chọn Có hoặc Không"


def item_name(item_code: str) -> str:
    """Return the workbook name of an item's value cell, as `item_A1_1` for A1.1."""
    return f"item_{item_code.replace('.', '_')}"


def comparable_formula(formula: str) -> str:
    """Return a formula without what moving its cell, or saving it with another program, changes."""
    return _REFERENCE.sub("#", "".join(formula.split()).upper().replace("TRUE()", "TRUE"))


def item_check(item: ReportItem, period: Period, *, has_tasks: bool, done: str) -> str:
    """Return the formula beside an item: blank, no legal figure, the first broken relation, or all right.

    `done` is the state of a task that is done; relations to the task table are left out where there is none.
    """
    name = item_name(item.code)
    if item.type == "yes_no":
        return f'=IF({name}="","{INCOMPLETE}",IF(OR({name}="Có",{name}="Không"),"{OK}","{_YES_NO_TOLD}"))'
    told = [(f"NOT(ISNUMBER({name}))", "chỉ ghi số"), (f"{name}<0", "không ghi số âm")]
    if item.type == "count":
        told.append((f"{name}<>INT({name})", "chỉ ghi số nguyên"))
    if item.type == "percent":
        told.append((f"{name}>100", "không quá 100"))
    for relation in parse_relations(item.relation, item.code):
        if has_tasks or not relation.task_counts:
            told.append((f"NOT({_holds(relation, period, done)})", _spoken(relation)))
    formula = f'"{OK}"'
    for condition, text in reversed(told):
        formula = f'IF({condition},"{RECHECK}: {text}",{formula})'
    return f'=IF({name}="","{INCOMPLETE}",{formula})'


def task_check(row: int, columns: Sequence[str], done: str) -> str:
    """Return the formula beside a task, silent until it says something of it.

    `columns` are the letters of task, done, state, evidence.
    """
    task, done_on, state, evidence = (f"{letter}{row}" for letter in columns)
    told = (
        (f"COUNTA({done_on},{state},{evidence})=0", None),
        (f'{task}=""', "thiếu tên nhiệm vụ"),
        (f'AND({state}="{done}",{done_on}="")', "thiếu ngày hoàn thành"),
        (f'AND({done_on}<>"",{state}<>"",{state}<>"{done}")', "có ngày hoàn thành mà tình trạng chưa xong"),
        (f'AND(OR({done_on}<>"",{state}="{done}"),{evidence}="")', "thiếu văn bản minh chứng"),
    )
    formula = f'"{OK}"'
    for condition, text in reversed(told):
        formula = f'IF({condition},"{f"{RECHECK}: {text}" if text else ""}",{formula})'
    return f"={formula}"


def filled_text(items: Sequence[ReportItem]) -> str:
    """Return the formula that says how many items are filled in, of how many."""
    return f'=COUNTA({_all_names(items)})&" / {len(items)}"'


def overall(items: Sequence[ReportItem], *, has_tasks: bool) -> str:
    """Return the formula that says of the whole workbook whether it can be sent."""
    ready = f'IF({_recheck_count(items, has_tasks=has_tasks)}>0,"{RECHECK}","{OK}")'
    if not items:
        return f"={ready}"
    return f'=IF(COUNTA({_all_names(items)})<{len(items)},"{INCOMPLETE}",{ready})'


def recheck_count(items: Sequence[ReportItem], *, has_tasks: bool) -> str:
    """Return the formula that counts the cells to look at again."""
    return f"={_recheck_count(items, has_tasks=has_tasks)}"


def _recheck_count(items: Sequence[ReportItem], *, has_tasks: bool) -> str:
    ranges = [ITEM_CHECKS] * bool(items) + [TASK_CHECKS] * has_tasks
    return "+".join(f'COUNTIF({name},"{RECHECK}*")' for name in ranges)


def _all_names(items: Sequence[ReportItem]) -> str:
    return ",".join(item_name(item.code) for item in items)


def _spoken(relation: Relation) -> str:
    """Return a relation for people, as `A1.3 + A1.4 <= A1.2`."""
    sides = (
        " + ".join(" ".join(TASK_WORDS.get(t, t) for t in term) for term in s) for s in (relation.left, relation.right)
    )
    return f" {relation.comparison} ".join(sides).replace('"', "")


def _holds(relation: Relation, period: Period, done: str) -> str:
    """Return the relation as a condition; it counts as kept where a figure is still lacking or a divisor is zero."""
    left, right = _sum(relation.left, period, done), _sum(relation.right, period, done)
    divides = [any("/" in term for term in side) for side in (relation.left, relation.right)]
    condition = f"{left}{relation.comparison}{right}"
    if relation.comparison == "=" and divides == [True, False]:
        condition = _rounded_equal(left, right)
    elif relation.comparison == "=" and divides == [False, True]:
        condition = _rounded_equal(right, left)
    names = ",".join(item_name(code) for code in relation.item_codes)
    lacking = [f"COUNT({names})<{len(relation.item_codes)}"]
    if relation.task_counts:
        lacking.append(f"COUNTA({TASK_NAMES})=0")
    return f"IF(OR({','.join(lacking)}),TRUE,IFERROR({condition},TRUE))"


def _rounded_equal(quotient: str, written: str) -> str:
    """Return that a quotient, rounded to some number of decimals up to three, is what was written."""
    return f"OR(ROUND({quotient},{{0,1,2,3}})={written})"


def _sum(terms: Sequence[Term], period: Period, done: str) -> str:
    return "+".join("".join(_factor(token, period, done) for token in term) for term in terms)


def _factor(token: str, period: Period, done: str) -> str:
    if token in ("*", "/") or _NUMBER.fullmatch(token):
        return token
    if token == TASKS_LISTED:
        return f"COUNTA({TASK_NAMES})"
    if token == TASKS_DATED:
        return f"COUNT({TASK_DUE})"
    if token == TASKS_DONE:
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in (period.first_day, period.last_day))
        return f'COUNTIFS({TASK_DUE},">="&{first},{TASK_DUE},"<="&{last},{TASK_STATE},"{done}")'
    return item_name(token)
