"""What do all files that had come by a moment say of a period?"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from tests.support.second_hand.dossiers import FORM_COLUMNS, Member, columns_of, field_of, is_announced, members_of
from tests.support.second_hand.files import Dossier, Log, Period, PlanFiles, Report, ReportType, Row, text_of

# Unit, dimension and its value; all three blank for the department.
Key = tuple[str, str, str]
WHOLE: Key = ("", "", "")
_NOT_RECEIVED = ("newly_filed", "not_accepted")
_NINE_TENTHS = Fraction(9, 10)


@dataclass(frozen=True)
class Figure:
    """Numerator and denominator; neither where there are no data."""

    numerator: Fraction | None = None
    denominator: Fraction | None = None

    @property
    def value(self) -> Fraction | None:
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None

    @property
    def status(self) -> str:
        return "no_data" if self.denominator is None else "final" if self.denominator else "no_cases"


Figures = Mapping[str, Mapping[Key, Figure]]


@dataclass(frozen=True)
class Expected:
    """One report that a unit owed, every submission of it, and which of them were accepted, in the order of receipt."""

    type: ReportType
    unit: str
    period: Period
    rounds: Sequence[Report | Log]

    @property
    def last_day(self) -> date | None:
        return self.type.last_days[self.period.id]

    @property
    def accepted(self) -> list[Report | Log]:
        return [one for one in self.rounds if one.is_accepted]

    @property
    def deciding(self) -> Report | Log | None:
        """The first that was accepted, else the last that came."""
        return next(iter([*self.accepted, *reversed(self.rounds)]), None)

    @property
    def at_due(self) -> Report | Log | None:
        last_day = self.last_day
        in_time = [one for one in self.accepted if last_day is not None and one.received_on <= last_day]
        return in_time[-1] if in_time else None

    @property
    def in_force(self) -> Report | Log | None:
        return self.accepted[-1] if self.accepted else None

    @property
    def is_provisional(self) -> bool:
        """Whether the plan calls the period's report provisional and none came since the period ended."""
        is_so = self.period.id in self.type.provisional_in
        return is_so and self.in_force is not None and self.in_force.received_on <= self.period.last

    @property
    def state(self) -> str:
        if not self.accepted:
            return "rejected" if self.rounds else "not_determined" if self.last_day is None else "missing"
        if self.last_day is None:
            return "not_determined"
        if self.at_due is None:
            return "late"
        return "provisional" if self.is_provisional else "on_time"


@dataclass(frozen=True)
class TaskState:
    """What became of a task of the plan, once for each time that it is due."""

    id: str
    occurrence: int
    area: str
    lead: str
    last_day: date | None
    done_on: date | None
    state: str
    has_evidence: bool

    @property
    def is_done(self) -> bool:
        return self.done_on is not None

    @property
    def is_due_or_done(self) -> bool:
        return self.is_done or self.state == "overdue"

    def members(self) -> Iterator[tuple[str, Member]]:
        """Yield what the occurrence adds to the indicators of tasks."""

        def one(indicator: str, counted: int) -> tuple[str, Member]:
            return indicator, Member(self.lead, {"area": self.area}, Fraction(counted))

        if self.is_due_or_done:
            yield one("tasks_done_share", self.is_done)
            if self.last_day is not None:
                yield one("tasks_on_time_share", self.state == "done_on_time")
                yield one("tasks_overdue_share", self.state == "overdue")
        if self.is_done:
            yield one("tasks_without_evidence_share", not self.has_evidence)


class Known:
    """Everything that had come by a moment, in the order in which it came."""

    def __init__(self, plan: PlanFiles, files: Sequence[Log | Report]) -> None:
        self.plan = plan
        self.reports = [one for one in files if isinstance(one, Report)]
        self.logs = sorted((one for one in files if isinstance(one, Log)), key=lambda log: log.exported_at)

    @property
    def dossiers(self) -> list[Dossier]:
        """The latest that an export says of each dossier; one that a later export lacks stays as it was."""
        latest = {dossier.code: dossier for log in self.logs for dossier in log.dossiers}
        return [dossier for dossier in latest.values() if dossier.status not in _NOT_RECEIVED]

    def form(self, period: Period, by: str) -> dict[str, Counter[str]]:
        """Return the form's columns by `field` (II.06a) or by `handling_office` (II.06b)."""
        found: dict[str, Counter[str]] = defaultdict(lambda: Counter(dict.fromkeys(FORM_COLUMNS, 0)))
        for dossier in self.dossiers:
            columns = columns_of(dossier, period, self.plan)
            if columns:
                found[field_of(dossier, self.plan) if by == "field" else dossier.office].update(columns)
        return found

    def logs_of(self, period: Period) -> list[Log]:
        """Return the logs whose window touches the period."""
        return [log for log in self.logs if log.first <= period.last and log.last >= period.first]

    def expected(self, period: Period) -> list[Expected]:
        """Return what was owed of a period."""
        return [
            Expected(kind, unit, period, sorted(self._rounds(kind, unit, period), key=lambda one: one.received_on))
            for kind in self.plan.report_types
            if period.id in kind.last_days
            for unit in ([self.plan.standing_office] if kind.is_of_office else self.plan.senders)
        ]

    def _rounds(self, kind: ReportType, unit: str, period: Period) -> Sequence[Report | Log]:
        if kind.is_log:
            return [log for log in self.logs if (log.first, log.last) == (period.first, period.last)]
        wanted = (kind.id, unit, period.id)
        return [one for one in self.reports if (one.type, one.unit, one.period) == wanted]

    def task_states(self, period: Period) -> list[TaskState]:
        """Return every task as of the period's last day, by the latest progress report of a period ended by then."""
        ended = sorted((p for p in self.plan.periods.values() if p.last <= period.last), key=lambda p: p.last)
        told = [due.in_force for p in ended for due in self.expected(p) if due.type.is_progress]
        reports = [one for one in told if isinstance(one, Report)]
        rows = {
            (text_of(row["Mã nhiệm vụ"]), _day(row["Thời hạn"])): row for row in (reports[-1].tasks if reports else ())
        }
        return [
            _task_state(task, n, day, rows.get((task["id"], day)), period)
            for task in self.plan.tasks
            for n, day in enumerate(_last_days(task), start=1)
        ]

    def members(self, period: Period) -> dict[str, list[Member]]:
        """Return what each indicator adds up."""
        found: dict[str, list[Member]] = defaultdict(list)
        pairs = [pair for dossier in self.dossiers for pair in members_of(dossier, period, self.plan)]
        pairs += [pair for procedure in self.plan.procedures.values() for pair in _procedure_members(procedure)]
        pairs += [pair for due in self.expected(period) for pair in self._report_members(due)]
        pairs += [pair for state in self.task_states(period) for pair in state.members()]
        for indicator, member in pairs:
            found[indicator].append(member)
        return found

    def _report_members(self, due: Expected) -> Iterator[tuple[str, Member]]:
        dimensions = {"report_type": due.type.id}
        if due.last_day is not None:
            yield "reports_received_share", Member(due.unit, dimensions, Fraction(bool(due.accepted)))
            yield "reports_on_time_share", Member(due.unit, dimensions, Fraction(due.at_due is not None))
        if due.accepted:
            is_right = due.rounds[0].is_accepted
            yield "first_time_right_share", Member(due.unit, dimensions, Fraction(is_right))
        items = due.in_force.items if isinstance(due.in_force, Report) else {}
        for indicator, definition in self.plan.definitions.items():
            said = [items.get(code) for code in definition.items]
            if not said or None in said:
                continue
            counts = [
                Fraction(one == "Có") if isinstance(one, str) else Fraction(one) for one in said if one is not None
            ]
            yield indicator, Member(due.unit, {}, *counts)

    def figures(self, period: Period) -> Figures:
        """Return every figure of the department, its offices and units, and of the values of each dimension."""
        members, found = self.members(period), {}
        for indicator, definition in self.plan.definitions.items():
            groups: dict[Key, list[Member]] = defaultdict(list)
            for member in members.get(indicator, ()):
                keys = {WHOLE, (member.unit, "", "")}
                keys |= {("", name, member.dimensions[name]) for name in definition.dimensions}
                for key in keys:
                    groups[key].append(member)
            found[indicator] = {key: _figure(indicator, group) for key, group in groups.items()}
            # Who reported is always known, and so is what the plan holds; a report that did not come says nothing.
            is_told = definition.source != "report" and not definition.is_composite
            found[indicator].setdefault(WHOLE, Figure(Fraction(0), Fraction(0)) if is_told else Figure())
        return found


def _figure(indicator: str, members: Sequence[Member]) -> Figure:
    if indicator.endswith("_p90"):
        values = [member.numerator for member in members]
        enough = (v for v in sorted(values) if sum(w <= v for w in values) >= _NINE_TENTHS * len(values))
        return Figure(next(enough), Fraction(1))
    return Figure(
        sum((one.numerator for one in members), Fraction(0)), sum((one.denominator for one in members), Fraction(0))
    )


def _procedure_members(procedure: Row) -> Iterator[tuple[str, Member]]:
    dimensions = {"field": procedure["field"]}
    if procedure["is_eligible_online"] == "true":
        yield "procedures_announced_share", Member(procedure["office"], dimensions, Fraction(is_announced(procedure)))
    if is_announced(procedure):
        is_there = procedure["is_on_national_portal"] == "true"
        yield "services_on_portal_share", Member(procedure["office"], dimensions, Fraction(is_there))


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) else None


def _last_days(task: Row) -> list[date | None]:
    return [date.fromisoformat(day) for day in task["last_days_on"].split("|") if day] or [None]


def _task_state(
    task: Row, occurrence: int, last_day: date | None, row: Mapping[str, object] | None, period: Period
) -> TaskState:
    said = _day(row["Ngày hoàn thành"]) if row is not None and row["Tình trạng"] == "Hoàn thành" else None
    # What a report promises for after the period is not done in it.
    done_on = said if said is not None and said <= period.last else None
    if last_day is None:
        state = "open" if done_on is None else "done"
    elif done_on is not None:
        state = "done_on_time" if done_on <= last_day else "done_late"
    else:
        state = "overdue" if last_day <= period.last else "not_due"
    evidence = text_of(row["Văn bản minh chứng"]) if row is not None and done_on is not None else ""
    lead = task["lead"].split("|")[0]
    return TaskState(task["id"], occurrence, task["area"], lead, last_day, done_on, state, bool(evidence))
