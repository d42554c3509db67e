"""What do the rules say of one submission? Which kind of file it is decides who reads it."""

from flows.reading import Reading, SourceFile, Stated
from flows.refusal import refused_log
from flows.rule_book import RuleBook
from flows.validate_log import validate_log
from schemas.findings import findings_table, results_table
from sources.archive import check_archive
from sources.kind import is_report_template
from sources.reader import LOG_SUFFIXES
from sources.report import read_report
from sources.source import UnreadableError
from warehouse.store import Store

# Whatever macros a report brings along are never run.
REPORT_SUFFIXES = (".xlsx", ".xlsm")


def _validate_report(file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    report = read_report(
        file.path.read_bytes(), file.sha256, book.plan, book.rules, stated.sender,
        file_name=file.name, received_on=stated.officially_received_on,
    )  # fmt: skip
    files = (
        store.put("report_value", report.values),
        store.put("report_task", report.tasks),
        store.put("row_account", report.account),
        store.put("finding", findings_table(report.findings)),
        store.put("rule_result", results_table(report.results)),
    )
    # A fatal finding in the task table rejects the task's row, not the report.
    fatal = sorted({finding.rule_id for finding in report.findings if finding.severity == "fatal"})
    return Reading(
        "unit_report",
        "rejected" if report.is_rejected else "accepted",
        files,
        read_count=report.read_count,
        accepted_count=report.accepted_count,
        rejected_count=report.rejected_count,
        ignored_count=report.ignored_count,
        finding_count=len(report.findings),
        refusal=", ".join(fatal) if report.is_rejected else "",
        is_blank=report.is_blank,
        unit_code=report.unit_code,
        period=report.period,
        report_type=report.report_type,
        encoding="xlsx",
    )


def validate(file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    """Read and validate one submission; a file of no known kind is a rejected submission."""
    if file.suffix not in LOG_SUFFIXES:
        known = ", ".join(LOG_SUFFIXES)
        why = f"Loại tệp {file.suffix or 'không đuôi'} không đọc được, chỉ nhận {known} / Only {known} files are read"
        return refused_log(file, book, stated, store, why)
    try:
        check_archive(file.path, book.limits)
    except UnreadableError as error:
        return refused_log(file, book, stated, store, str(error))
    if file.suffix in REPORT_SUFFIXES and is_report_template(file.path):
        return _validate_report(file, book, stated, store)
    return validate_log(file, book, stated, store)
