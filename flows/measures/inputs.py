"""What do a period's figures rest on, as one hash: would they be the same today?

Asked by every `status`, so nothing is imported here that reads a table.
"""

import hashlib
from datetime import date

from audit.chain import canonical
from audit.ledger import Ledger
from flows.entry.fingerprint import code_sha256
from flows.intake.submissions import submissions
from flows.measures.periods import as_of, latest_consolidation, parts_of, stock_period
from flows.measures.reporting import expected_reports
from flows.measures.trends import compared_file
from schemas.plan import Plan
from schemas.plan_models import Period
from sql.indicators import indicators_sha256
from warehouse.named import files_by_table


def _taken_over(ledger: Ledger, plan: Plan, period: Period) -> list[str]:
    """Return the tables of other periods that this one reads: what it takes over, sums up or is compared with."""
    stock = stock_period(plan, period)
    of_form = [one.id for one in (*([stock] if stock is not None else []), *parts_of(plan, period))]
    found = [latest_consolidation(ledger.entries, period_id) for period_id in of_form]
    files = [files_by_table([one[0]])["form_row"][0] for one in found if one is not None]
    compared = [compared_file(ledger.entries, period_id) for period_id in (period.before, period.year_ago)]
    return [file.sha256 for file in (*files, *compared) if file is not None]


def inputs_sha256(today: date, ledger: Ledger, plan: Plan, period: Period) -> str:
    """Return one hash over everything that the period's tables depend on."""
    rules = plan.catalogue.on(today)
    found = submissions(ledger.entries)
    content = {
        "period": period.id,
        "as_of": str(as_of(period, today)),
        "submissions": [[s.taken.number, s.taken.file_sha256, str(s.is_withdrawn), str(s.judged_seq)] for s in found],
        "taken_over": _taken_over(ledger, plan, period),
        "expected": [[e.report_type, e.unit_code, e.state] for e in expected_reports(found, plan, period, today)],
        "plan": plan.sha256,
        "rules": [rules.sha256, *sorted(rule.label for rule in (*rules.values(), *rules.on_trial.values()))],
        "indicators": indicators_sha256(),
        "code": code_sha256(),
    }
    return hashlib.sha256(canonical(content)).hexdigest()
