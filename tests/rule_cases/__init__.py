"""For each rule a small table that breaks it, and its corrected neighbour."""

from tests.rule_cases import dossiers, figures, free_reports, reports, tasks
from tests.rule_cases.base import Case

CASES: dict[str, Case] = {**dossiers.CASES, **reports.CASES, **free_reports.CASES, **tasks.CASES, **figures.CASES}
