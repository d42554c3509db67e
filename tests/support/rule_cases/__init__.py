"""For each rule a small table that breaks it, and its corrected neighbour."""

from tests.support.rule_cases import corrections, dossiers, figures, free_reports, lines, reports, tasks, workbooks
from tests.support.rule_cases.base import Case

CASES: dict[str, Case] = {
    **dossiers.CASES,
    **lines.CASES,
    **workbooks.CASES,
    **corrections.CASES,
    **reports.CASES,
    **free_reports.CASES,
    **tasks.CASES,
    **figures.CASES,
}
