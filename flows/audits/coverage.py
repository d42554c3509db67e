"""Which columns of a dossier, items of a report and indicators does no rule look at?

Derived from the rules themselves: what row checks need, which cells are cast, which columns the queries of rules name,
which items a relation of the plan compares, which figures a target or the gate bounds. Nothing is declared by hand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.dossier import WITHIN_FILE, row_checks
from schemas.plan import Plan
from schemas.relation import parse_relations
from schemas.rules import Rules
from schemas.suites import load_suites
from schemas.vocabulary import COLUMNS, MOMENT_COLUMNS
from sources.logs.cast import CAST_RULES, DATE_RULE
from sql import CURRENT, query
from sql.indicators import Indicator, load_indicators

_COMMENT = re.compile(r"--.*")
_WORD = re.compile(r"\w+")
# Relations between items, and between items and the report's task table; what judges a figure against its target.
_RELATION_RULE, _TASK_RELATION_RULE, _TARGET_RULE = "R003", "R015", "T001"


@dataclass(frozen=True)
class Coverage:
    """One thing and what looks at it: ids of rules, or a suite of the gate."""

    what: Literal["column", "item", "indicator"]
    name: str
    title: str
    by: tuple[str, ...]


def _words_of_queries(rules: Rules) -> Mapping[str, frozenset[str]]:
    """Return the words that the query of each rule is written in, its comments left out."""
    names = {rule_id: f"5_nonconformities/{rule_id}" for rule_id in rules}
    return {
        rule_id: frozenset(_WORD.findall(_COMMENT.sub("", query(name))))
        for rule_id, name in names.items()
        if CURRENT.has(name)
    }


def _columns(plan: Plan, rules: Rules) -> Iterator[Coverage]:
    needs: dict[str, set[str]] = {check.rule_id: set(check.needs) for check in row_checks(plan, datetime.max, rules)}
    for rule_id, needed in WITHIN_FILE.items():
        needs.setdefault(rule_id, set()).update(needed)
    for column, rule_id in CAST_RULES.items():
        needs.setdefault(rule_id, set()).add(column)
    needs.setdefault(DATE_RULE, set()).update(MOMENT_COLUMNS)
    for rule_id, words in _words_of_queries(rules).items():
        if rules[rule_id].dataset in ("dossier", "calendar"):
            needs.setdefault(rule_id, set()).update(words)
    for column in (*COLUMNS, "applicant_key"):
        yield Coverage("column", column, "", tuple(sorted(r for r, needed in needs.items() if column in needed)))


def _items(plan: Plan) -> Iterator[Coverage]:
    compared: dict[tuple[str, str], set[str]] = {}
    for item in plan.report_items:
        for relation in parse_relations(item.relation, item.code):
            rule_id = _TASK_RELATION_RULE if relation.task_counts else _RELATION_RULE
            for code in relation.item_codes:
                compared.setdefault((item.report_type, code), set()).add(rule_id)
    for item in plan.report_items:
        by = tuple(sorted(compared.get((item.report_type, item.code), ())))
        yield Coverage("item", f"{item.report_type} {item.code}", item.name_vi, by)


def _indicators(plan: Plan, rules: Rules) -> Iterator[Coverage]:
    aimed_at = {way.indicator for target in plan.targets for way in target.ways}
    words = _words_of_queries(rules)
    bounded = [
        suite.table
        for suite in load_suites()
        if any(one.column == "value" and one.max_value is not None for one in suite.expectation)
    ]

    def by(indicator: Indicator) -> Iterator[str]:
        if indicator.id in aimed_at:
            yield _TARGET_RULE
        yield from (rule_id for rule_id, named in words.items() if indicator.id in named)
        # The suites that bound a figure from above are about shares.
        if indicator.unit_of_measure == "%" and not indicator.parts:
            yield from bounded

    for indicator in load_indicators().values():
        yield Coverage("indicator", indicator.id, indicator.name_vi, tuple(sorted(set(by(indicator)))))


def coverage(plan: Plan, rules: Rules) -> tuple[Coverage, ...]:
    """Return every dossier column, report item and indicator with the rules that look at it."""
    return (*_columns(plan, rules), *_items(plan), *_indicators(plan, rules))


def uncovered(plan: Plan, rules: Rules) -> tuple[Coverage, ...]:
    """Return what no rule looks at."""
    return tuple(one for one in coverage(plan, rules) if not one.by)
