"""What do the rules say of one submission? Which kind of file it is decides who reads it.

A workbook with the template's sheets is a report of the template; else what a log's profile knows is a log; else what
a report profile knows is a report of the unit's own form. What none knows is refused.
"""

from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.refusal import refused_log
from flows.intake.rule_book import RuleBook
from flows.intake.validate_log import open_known, validate_log
from schemas.findings import findings_table, results_table
from sources.files.archive import check_archive
from sources.files.source import UnreadableError
from sources.kind import is_report_template, sheet_titles
from sources.logs.reader import LOG_SUFFIXES
from sources.reports.free_report import Said, read_free_report
from sources.reports.profile import ReportProfile
from sources.reports.report import ReportReading, read_report
from warehouse.store import Store

# Whatever macros a report brings along are never run.
REPORT_SUFFIXES = (".xlsx", ".xlsm")


def _reading_of(
    report: ReportReading, titles: tuple[str, ...], store: Store, form: ReportProfile | None = None
) -> Reading:
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
        profile_id=form.document.id if form is not None else None,
        profile_sha256=form.sha256 if form is not None else None,
        encoding="xlsx",
        sheet_titles=titles,
    )


def _validate_unknown(file: SourceFile, book: RuleBook, stated: Stated, store: Store, why: str) -> Reading:
    """Read what is no log as a report of the unit's own form; `why` refuses it where it is none either."""
    if file.suffix in REPORT_SUFFIXES and book.report_profiles:
        said = Said(stated.sender, stated.period)
        own = read_free_report(
            file.path.read_bytes(), file.sha256, book.plan, book.rules, book.report_profiles, said, file.corrections
        )
        if own is not None:
            return _reading_of(own.reading, sheet_titles(file.path), store, own.profile)
    return refused_log(file, book, stated, store, why)


def validate(file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    """Read and validate one submission; a file of no known kind is a rejected submission."""
    if file.suffix not in LOG_SUFFIXES:
        known = ", ".join(LOG_SUFFIXES)
        why = f"Loại tệp {file.suffix or 'này'} không đọc được, chỉ nhận {known} / Only {known} files are read"
        return refused_log(file, book, stated, store, why)
    try:
        check_archive(file.path, book.limits)
    except UnreadableError as error:
        return refused_log(file, book, stated, store, str(error))
    titles = sheet_titles(file.path) if file.suffix in REPORT_SUFFIXES else ()
    if is_report_template(titles):
        report = read_report(
            file.path.read_bytes(), file.sha256, book.plan, book.rules, stated.sender, file.corrections,
            file_name=file.name, received_on=stated.officially_received_on,
        )  # fmt: skip
        return _reading_of(report, titles, store)
    try:
        log = open_known(file, book.profiles)
    except UnreadableError as error:
        return _validate_unknown(file, book, stated, store, str(error))
    return validate_log(log, file, book, stated, store)
