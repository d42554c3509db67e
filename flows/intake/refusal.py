"""What is kept of a file that cannot be read? A rejected submission with one sentence for its sender."""

from flows.intake.reader import Unread
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.rule_book import RuleBook
from schemas.findings import Finding, RuleResult, findings_table, results_table
from warehouse.store import Store

_UNREADABLE = "D020"


def refused_log(file: SourceFile, book: RuleBook, stated: Stated, store: Store, why: str) -> Reading:
    """Return the reading of a file that is no log that we can read: a rejected submission with one sentence."""
    rule = book.rules[_UNREADABLE]
    day = stated.officially_received_on
    finding = Finding.of(rule, unit_code="", occurred_on=day, file_sha256=file.sha256, expected=why)
    result = RuleResult(rule.id, rule.version, rule.dataset, "", None, file.sha256, "fail", "", 1, 1)
    files = (
        store.put("finding", findings_table([finding])),
        store.put("rule_result", results_table([result])),
    )
    return Reading("dossier_log", "rejected", files, refusal=why, finding_count=1, window=(day, day))


def reading_of(answer: Reading | Unread, file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    """Return what a reader made of a file; one that broke its reader is a rejected submission."""
    return refused_log(file, book, stated, store, answer.why) if isinstance(answer, Unread) else answer
