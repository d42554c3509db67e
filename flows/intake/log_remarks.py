"""Which findings and verdicts come of what a log's file itself is: hidden cells, links, fonts, broken formulas?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from schemas.findings import Finding, RuleResult
from schemas.plan import Plan
from schemas.rules import Rule, Rules
from sources.files.file_name import contradictions, spoken
from sources.files.source import Remark
from sources.logs.log import OpenLog
from sources.logs.workbook_remarks import merged_remarks

_FILE_NAME = "D080"
# What does not hang on the kind of file.
_OF_ANY_FILE = frozenset({_FILE_NAME})
_NO_WORKBOOK = "tệp không phải bảng tính / the file is no workbook"


def remarks_of(log: OpenLog, ignored_rows: Iterable[int]) -> tuple[Remark, ...]:
    """Return what is to be said of a log's file; a merged title or section says nothing of any dossier."""
    titles = set(ignored_rows)
    merged = merged_remarks(log.source.sheet, log.source.merged, log.head.header.last_row)
    return (*log.source.remarks, *(remark for remark in merged if remark.row not in titles))


def name_remarks(
    file_name: str, window: tuple[date, date], sender: str | None, plan: Plan, rules: Rules
) -> tuple[Remark, ...]:
    """Return what a log's file name says that neither its window nor its stated sender bears out."""
    first, last = window
    touched = [period for period in plan.periods if period.first_day <= last and period.last_day >= first]
    told = contradictions(spoken(file_name, plan), touched, sender) if _FILE_NAME in rules else ()
    return tuple(Remark(_FILE_NAME, shown=one) for one in told)


def remark_findings(remarks: Iterable[Remark], rules: Rules, file_sha256: str, day: date) -> list[Finding]:
    """Return a finding for each remark; they are of the file, and belong to the last day that it covers."""
    return [
        Finding.of(
            rules[remark.rule_id],
            unit_code="",
            occurred_on=day,
            file_sha256=file_sha256,
            sheet=remark.sheet or None,
            row=remark.row,
            column_name=remark.column or None,
            shown_value=remark.shown or None,
        )
        for remark in remarks
    ]


def remark_results(
    remarks: Sequence[Remark], rules: Sequence[Rule], file_sha256: str, *, is_workbook: bool
) -> list[RuleResult]:
    """Return the verdict of each rule over the file as a whole; most of them cannot be evaluated on a text file."""
    failing = Counter(remark.rule_id for remark in remarks)
    asked = {rule.id: is_workbook or rule.id in _OF_ANY_FILE for rule in rules}
    return [
        RuleResult(
            rule.id,
            rule.version,
            rule.dataset,
            "",
            None,
            file_sha256,
            ("fail" if failing[rule.id] else "pass") if asked[rule.id] else "not_evaluated",
            "" if asked[rule.id] else _NO_WORKBOOK,
            max(failing[rule.id], 1) if asked[rule.id] else 0,
            failing[rule.id],
        )
        for rule in rules
    ]
