"""In which columns of form II.06a does a dossier count, and what does it add to which indicator?

By the wording of the columns and of the indicators' definitions and exclusions, as of the end of the period's last day,
from what the dossier's dates say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.support.second_hand.files import Dossier, Period, PlanFiles

FORM_COLUMNS = (
    "received_total", "received_online", "received_in_person_or_postal", "carried_over", "resolved_total",
    "resolved_early", "resolved_on_time", "resolved_overdue", "pending_total", "pending_within_due", "pending_overdue",
    "withdrawn", "waiting",
)  # fmt: skip
_WITHOUT_RESULT = ("withdrawn", "stopped")
_AGES = ((5, "1: 0-5"), (10, "2: 6-10"), (20, "3: 11-20"))
_OLDEST = "4: >20"
_ANNOUNCED_FROM = 3
_HOURS_A_DAY = 8


@dataclass(frozen=True)
class Member:
    """What one dossier, report, procedure or task adds to a figure; blank where it is nobody's in particular."""

    unit: str
    dimensions: Mapping[str, str]
    numerator: Fraction
    denominator: Fraction = Fraction(1)


def field_of(dossier: Dossier, plan: PlanFiles) -> str:
    procedure = plan.procedures.get(dossier.procedure)
    return procedure["field"] if procedure else ""


def is_announced(procedure: Mapping[str, str]) -> bool:
    return int(procedure["level_number"]) >= _ANNOUNCED_FROM


def due_on(dossier: Dossier, at: date, plan: PlanFiles) -> date | None:
    """Return the day on which a dossier is due, as of a day.

    A completed supplement replaces the original day; an apology letter does not. What is given at once is due on the
    day of receipt.
    """
    procedure = plan.procedures.get(dossier.procedure)
    if dossier.due is None and procedure is not None and procedure["immediate"] == "true":
        return dossier.received
    has_restarted = dossier.completed is not None and dossier.completed <= at
    return dossier.due if has_restarted or dossier.original_due is None else dossier.original_due


def columns_of(dossier: Dossier, period: Period, plan: PlanFiles) -> frozenset[str]:
    """Return the columns in which a dossier counts; none where the period has nothing of it."""
    finished = dossier.finished
    if dossier.received > period.last or (finished is not None and finished < period.first):
        return frozenset()
    counted = {"received_total"}
    if dossier.received < period.first:
        counted.add("carried_over")
    elif dossier.channel:
        counted.add("received_online" if dossier.channel == "online" else "received_in_person_or_postal")
    due = due_on(dossier, period.last, plan)
    if finished is not None and finished <= period.last:
        counted.add("resolved_total")
        if dossier.status in _WITHOUT_RESULT:
            counted |= {"withdrawn", "resolved_on_time"}
        elif due is not None:
            counted.add(
                "resolved_early" if finished < due else "resolved_on_time" if finished == due else "resolved_overdue"
            )
        return frozenset(counted)
    counted.add("pending_total")
    is_asked = dossier.asked is not None and dossier.asked <= period.last
    if is_asked and (dossier.completed is None or dossier.completed > period.last):
        counted |= {"waiting", "pending_within_due"}
    elif due is not None:
        counted.add("pending_overdue" if due <= period.last else "pending_within_due")
    return frozenset(counted)


def members_of(dossier: Dossier, period: Period, plan: PlanFiles) -> Iterator[tuple[str, Member]]:
    """Yield what a dossier adds to each indicator whose definition it falls under."""
    columns = columns_of(dossier, period, plan)
    has_letter = dossier.apology is not None and dossier.apology <= period.last
    dimensions = {
        "field": field_of(dossier, plan), "procedure_code": dossier.procedure, "channel": dossier.channel,
    }  # fmt: skip

    def one(indicator: str, counted: int, of: Fraction = Fraction(1)) -> tuple[str, Member]:
        return indicator, Member(dossier.office, dimensions, Fraction(counted), of)

    if columns and dossier.received >= period.first:
        yield one("postal_share", dossier.channel == "postal")
    if columns & {"resolved_overdue", "pending_overdue"}:
        yield one("overdue_with_apology_share", has_letter)
    if "resolved_total" in columns:
        yield one("early_share", "resolved_early" in columns)
        yield one("on_time_share", "resolved_on_time" in columns)
        yield one("overdue_share", "resolved_overdue" in columns)
        yield one("in_time_share", bool(columns & {"resolved_early", "resolved_on_time"}))
        yield one("overdue_without_apology_share", "resolved_overdue" in columns and not has_letter)
        yield one("supplement_share", dossier.asked is not None)
        yield one("extended_share", _is_put_off(dossier))
        yield one("online_share_all", dossier.channel == "online")
        procedure = plan.procedures.get(dossier.procedure)
        if procedure is not None and is_announced(procedure):
            yield one("online_share_announced", dossier.channel == "online")
        if dossier.result:
            yield one("digitised_results_share", dossier.result == "digitised")
        if dossier.circulation in ("electronic", "paper"):
            yield one("electronic_circulation_share", dossier.circulation == "electronic")
        if "withdrawn" not in columns and dossier.finished is not None:
            used = plan.working_days(dossier.received, dossier.finished)
            if dossier.received >= plan.calendar_begins:
                yield one("handling_days_average", used)
                yield one("handling_days_p90", used)
                limit = limit_days(procedure) if procedure is not None else None
                if limit is not None:
                    yield one("handling_against_limit", used, limit)
    if "pending_total" in columns:
        age = plan.working_days(dossier.received, period.last)
        dimensions = {**dimensions, "age_class": next((name for most, name in _AGES if age <= most), _OLDEST)}
        yield one("pending_overdue_share", "pending_overdue" in columns)
        if dossier.received >= plan.calendar_begins:
            yield one("pending_age_average", age)


def _is_put_off(dossier: Dossier) -> bool:
    due = dossier.due if dossier.completed is not None else dossier.original_due or dossier.due
    return dossier.reappointed is not None and due is not None and dossier.reappointed > due


def limit_days(procedure: Mapping[str, str]) -> Fraction | None:
    """Return a procedure's limit in working days; eight hours are one. None where it has none of that kind."""
    limit = Fraction(procedure["limit"])
    return {"working_day": limit, "hour": limit / _HOURS_A_DAY}.get(procedure["limit_unit"])
