"""Which findings and verdicts come of what a log's file itself is: hidden cells, links, fonts, broken formulas?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from schemas.findings import Finding, RuleResult
from schemas.rules import Rule, Rules
from sources.log import OpenLog
from sources.source import Remark
from sources.workbook_remarks import merged_remarks

_NO_WORKBOOK = "tệp không phải bảng tính / the file is no workbook"


def remarks_of(log: OpenLog, ignored_rows: Iterable[int]) -> tuple[Remark, ...]:
    """Return what is to be said of a log's file; a merged title or section says nothing of any dossier."""
    titles = set(ignored_rows)
    merged = merged_remarks(log.source.sheet, log.source.merged, log.head.header.last_row)
    return (*log.source.remarks, *(remark for remark in merged if remark.row not in titles))


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
    remarks: Sequence[Remark], rules: Iterable[Rule], file_sha256: str, *, is_workbook: bool
) -> list[RuleResult]:
    """Return the verdict of each rule over the file as a whole; on a text file none of them can be evaluated."""
    failing = Counter(remark.rule_id for remark in remarks)
    return [
        RuleResult(
            rule.id,
            rule.version,
            rule.dataset,
            "",
            None,
            file_sha256,
            ("fail" if failing[rule.id] else "pass") if is_workbook else "not_evaluated",
            "" if is_workbook else _NO_WORKBOOK,
            max(failing[rule.id], 1) if is_workbook else 0,
            failing[rule.id],
        )
        for rule in rules
    ]
