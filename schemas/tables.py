"""What columns does each immutable table of the store have?

One Arrow schema per table; a Parquet file in the store has exactly its table's columns. Every row names the file it
came from (`file_sha256`) and, where there is one, the sheet, the row and the cell.
"""

import pyarrow as pa

TEXT = pa.string()
DAY = pa.date32()
MOMENT = pa.timestamp("us")
COUNT = pa.int64()
QUANTITY = pa.decimal128(18, 3)
FLAG = pa.bool_()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


# Dossier rows as cast, rejected ones too (ROW_ACCOUNT says which). `row` is the first source row, `rows` all of them
# ("7", or "7-9,12" after folding). The moments are local to the plan's zone.
DOSSIER_ROW = _schema(
    file_sha256=TEXT, sheet=TEXT, row=COUNT, rows=TEXT, row_count=COUNT,
    dossier_code=TEXT, procedure_code=TEXT, handling_office=TEXT, channel=TEXT, status=TEXT,
    received_at=MOMENT, original_due_at=MOMENT, due_at=MOMENT, finished_at=MOMENT, picked_up_at=MOMENT,
    supplement_requested_at=MOMENT, supplement_completed_at=MOMENT, apology_at=MOMENT, reappointed_at=MOMENT,
    circulation=TEXT, result_form=TEXT, applicant_key=TEXT,
)  # fmt: skip

# What became of each source row that is not an accepted one: `rejected` or `ignored`, and the class or rule.
ROW_ACCOUNT = _schema(file_sha256=TEXT, sheet=TEXT, row=COUNT, disposition=TEXT, reason=TEXT)

# Line items of a unit report. `value` is null where the cell is blank or does not cast.
REPORT_VALUE = _schema(
    file_sha256=TEXT, unit_code=TEXT, period=TEXT, report_type=TEXT, item_code=TEXT, sheet=TEXT, row=COUNT, cell=TEXT,
    is_blank=FLAG, value=QUANTITY,
)  # fmt: skip

# The task table of a report: the sender's own tasks, or (report type with `tasks = "plan"`) those of the plan by
# `task_code`. `cell` is that of the day on which the task was done. Its words may name people and stay in the vault;
# of the evidence the numbers of the documents are kept.
REPORT_TASK = _schema(
    file_sha256=TEXT, unit_code=TEXT, period=TEXT, report_type=TEXT, sheet=TEXT, row=COUNT, cell=TEXT, task_code=TEXT,
    due_on=DAY, done_on=DAY, state=TEXT, evidence=TEXT,
)  # fmt: skip

# What rules saw. `shown_value` is masked; `occurred_on` decides the period to which the finding belongs.
FINDING = _schema(
    rule_id=TEXT, rule_version=COUNT, severity=TEXT, dataset=TEXT, unit_code=TEXT, period=TEXT, occurred_on=DAY,
    subject=TEXT, file_sha256=TEXT, sheet=TEXT, row=COUNT, cell=TEXT, column_name=TEXT, shown_value=TEXT, expected=TEXT,
)  # fmt: skip

# One verdict per rule, unit and file or period: pass, fail or not_evaluated (and why). What rules on trial found and
# said is kept in tables of its own (`trial_finding`, `trial_result`): nothing that decides reads them.
RULE_RESULT = _schema(
    rule_id=TEXT, rule_version=COUNT, dataset=TEXT, unit_code=TEXT, period=TEXT, file_sha256=TEXT, outcome=TEXT,
    reason=TEXT, checked_count=COUNT, failing_count=COUNT,
)  # fmt: skip

# Every dossier once, classified for one period as known at one ledger sequence. Working days are counted from the day
# after receipt through the day of the result (`handling`), or through the period's last day (`pending`); they are null
# where the calendar does not reach. `limit_working_days` is null where the procedure's limit is not in working time.
DOSSIER_STATE = _schema(
    period=TEXT, dossier_code=TEXT, file_sha256=TEXT, sheet=TEXT, row=COUNT, rows=TEXT, procedure_code=TEXT, field=TEXT,
    handling_office=TEXT, channel=TEXT, is_announced_online=FLAG, received_on=DAY, original_due_on=DAY, due_on=DAY,
    finished_on=DAY, is_received_in_period=FLAG, is_carried_over=FLAG, is_resolved=FLAG, is_resolved_early=FLAG,
    is_resolved_on_time=FLAG, is_resolved_overdue=FLAG, is_pending=FLAG, is_pending_within_due=FLAG,
    is_pending_overdue=FLAG, is_withdrawn=FLAG, is_waiting=FLAG, is_supplemented=FLAG, has_apology=FLAG,
    is_extended=FLAG, extended_to=DAY, circulation=TEXT, result_form=TEXT, limit_working_days=QUANTITY,
    handling_working_days=COUNT, pending_working_days=COUNT, age_class=TEXT,
)  # fmt: skip

# Form II.06a/VPCP/KSTT: one row per field and office, each column its own predicate over DOSSIER_STATE.
FORM_ROW = _schema(
    period=TEXT, handling_office=TEXT, field=TEXT, received_total=COUNT, received_online=COUNT,
    received_in_person_or_postal=COUNT, carried_over=COUNT, resolved_total=COUNT, resolved_early=COUNT,
    resolved_on_time=COUNT, resolved_overdue=COUNT, pending_total=COUNT, pending_within_due=COUNT,
    pending_overdue=COUNT, withdrawn=COUNT, waiting=COUNT,
)  # fmt: skip

# The members of a figure: their numerators and denominators add up to it (a quantile picks one of its numerators).
# What a member has no say about (a field, a channel, ...) is null there. A member of the plan itself has no file.
INDICATOR_MEMBER = _schema(
    period=TEXT, indicator_id=TEXT, unit_code=TEXT, member_key=TEXT, file_sha256=TEXT, sheet=TEXT, row=COUNT, rows=TEXT,
    cell=TEXT, numerator=QUANTITY, denominator=QUANTITY, field=TEXT, procedure_code=TEXT, channel=TEXT, age_class=TEXT,
    area=TEXT, report_type=TEXT,
)  # fmt: skip

# A figure: of the department (`dimension` ""), of an office or unit (`unit_code`), or of one value of a dimension.
# Ratios keep numerator and denominator, composites neither. `before_*` and `year_ago_*` are what it is compared with;
# a trend is rising, falling, unchanged, or null where there is nothing to compare with.
FIGURE = _schema(
    period=TEXT, indicator_id=TEXT, unit_code=TEXT, dimension=TEXT, dimension_value=TEXT, numerator=QUANTITY,
    denominator=QUANTITY, status=TEXT, before_period=TEXT, before_numerator=QUANTITY, before_denominator=QUANTITY,
    trend=TEXT, year_ago_period=TEXT, year_ago_numerator=QUANTITY, year_ago_denominator=QUANTITY, year_ago_trend=TEXT,
    is_series_broken=FLAG,
)  # fmt: skip

# What became of each target: met, missed, no_cases, no_data, not_determined. `tasks` is the evidence of one that tasks
# show, `figure` the department's figure where one indicator decides.
TARGET_RESULT = _schema(
    period=TEXT, target_id=TEXT, indicator_id=TEXT, dimension=TEXT, dimension_value=TEXT, status=TEXT, reason=TEXT,
)  # fmt: skip

# Every task of the plan, once for each time that it is due: done_on_time, done_late, overdue, not_due, or (where no day
# is stated) done or open. The place is that of the report which said so.
TASK_STATE = _schema(
    period=TEXT, task_id=TEXT, occurrence=COUNT, area=TEXT, lead=TEXT, schedule_kind=TEXT, last_day_on=DAY, done_on=DAY,
    evidence=TEXT, state=TEXT, file_sha256=TEXT, sheet=TEXT, row=COUNT, cell=TEXT,
)  # fmt: skip

# Who owed what, and what came: not_due, on_time, late, missing, rejected, provisional, not_determined. The submission
# is the one that decided; `round_count` is how many came, and the first time was right where the first was accepted.
# The one at the due date is the latest accepted by its end, the one in force the latest accepted of all; the days to
# acceptance run from the first that came to the first that was accepted.
EXPECTED_REPORT = _schema(
    period=TEXT, report_type=TEXT, unit_code=TEXT, last_day_on=DAY, state=TEXT, submission=TEXT, file_sha256=TEXT,
    officially_received_on=DAY, recorded_on=DAY, round_count=COUNT, is_first_time_right=FLAG,
    submission_at_due=TEXT, submission_in_force=TEXT, days_to_acceptance=COUNT,
)  # fmt: skip

SCHEMAS: dict[str, pa.Schema] = {
    "dossier_row": DOSSIER_ROW,
    "row_account": ROW_ACCOUNT,
    "report_value": REPORT_VALUE,
    "report_task": REPORT_TASK,
    "finding": FINDING,
    "rule_result": RULE_RESULT,
    "trial_finding": FINDING,
    "trial_result": RULE_RESULT,
    "dossier_state": DOSSIER_STATE,
    "form_row": FORM_ROW,
    "indicator_member": INDICATOR_MEMBER,
    "figure": FIGURE,
    "target_result": TARGET_RESULT,
    "task_state": TASK_STATE,
    "expected_report": EXPECTED_REPORT,
}
