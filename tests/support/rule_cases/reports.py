"""Cases of the rules over reports, who sent them and the tasks in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from schemas.plan import load_plan
from tests.support.office import PLAN, Office, log, report, small_plan, titles
from tests.support.rule_cases.base import FINISHED_IN_Q1, Case, Evaluate, Seen, quarter, unit_report


@dataclass(frozen=True)
class Came:
    """One report as it reached the department: of whom, for which period, when, and (else the same day) when recorded.

    `each` stands in every item that `figures` does not state.
    """

    received_on: date
    period: str = "2022-Q1"
    unit: str = "TV"
    figures: Mapping[str, object] = field(default_factory=dict)
    each: int = 6
    recorded_on: date | None = None

    @property
    def stated(self) -> dict[str, object]:
        accord = {"A1.3": 2, "A1.4": 1, "A6.3": "Có"}
        numbers = {item.code: self.each for item in PLAN.report_items if item.type in ("count", "amount")}
        return {**numbers, **accord, **self.figures}


def sent(
    *came: Came,
    at: date = date(2022, 3, 20),
    period: str = "2022-Q1",
    senders: tuple[str, ...] = ("TV",),
    change: Callable[[Path], None] = lambda _: None,
) -> Evaluate:
    """Take these reports in, each on its own day, and consolidate one period on the day `at`."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        folder.mkdir(parents=True, exist_ok=True)
        plan_folder = small_plan(folder / "plan", sender="TV")
        units = plan_folder / "units.csv"
        lines = units.read_text("utf-8").splitlines()
        units.write_text(
            "\n".join(
                line.replace(",false,false,", ",false,true,") if line.split(",")[0] in senders else line
                for line in lines
            )
            + "\n",
            "utf-8",
        )
        change(plan_folder)
        # What a report says it is for is not always what the plan expects.
        with_q2 = load_plan(expects_q2(small_plan(folder / "with-q2", sender="TV")))
        office = Office.new(folder, plan_folder)
        for number, one in enumerate(came):
            plan = with_q2 if one.period == "2022-Q2" else PLAN
            office.at = datetime.combine(one.recorded_on or one.received_on, time(2), UTC)
            office.take(report(one.unit, one.stated, plan, one.period), f"bao-cao-{number}.xlsx", one.received_on)
        office.at = datetime.combine(at, time(2), UTC)
        office.consolidate(period)
        return Seen(
            frozenset(str(row["rule_id"]) for row in office.findings()),
            frozenset(office.outcomes(rule_id, period)),
            frozenset(item.identity.rule_id for item in office.nonconformities if item.identity.period == period),
        )

    return evaluate


def due_on(day: str) -> Callable[[Path], None]:
    """Move the last day of the first quarter's report."""

    def change(plan_folder: Path) -> None:
        periods = plan_folder / "periods.toml"
        text = periods.read_text("utf-8")
        periods.write_text(text.replace('"2022-Q1" = 2022-03-14', f'"2022-Q1" = {day}'), "utf-8")

    return change


def expects_q2(plan_folder: Path) -> Path:
    """Let the plan expect a report of the second quarter too."""
    periods = plan_folder / "periods.toml"
    text = periods.read_text("utf-8")
    periods.write_text(
        text.replace('"2022-Q1" = 2022-03-14', '"2022-Q1" = 2022-03-14, "2022-Q2" = 2022-06-14'), "utf-8"
    )
    return plan_folder


def also_q2(plan_folder: Path) -> None:
    expects_q2(plan_folder)


def exported(moment: str) -> Evaluate:
    return quarter((log(FINISHED_IN_Q1, titles(exported=moment)), "so.csv", date(2022, 3, 15)))


Q1, H1, Q3, Y = "2022-Q1", "2022-H1", "2022-Q3", "2022-Y"
IN_Q1, IN_H1, IN_Q3, IN_Y = date(2022, 3, 14), date(2022, 6, 14), date(2022, 9, 14), date(2022, 11, 24)


def half_year_letters(first: int, second: int) -> Evaluate:
    """Letters sent (A7.1) as of the first quarter, and as of the half-year."""
    return sent(
        Came(IN_Q1, Q1, figures={"A7.1": first}),
        Came(IN_H1, H1, figures={"A7.1": second}),
        at=date(2022, 6, 20),
        period=H1,
    )


def letters_of_the_year(count: int) -> Evaluate:
    return sent(
        Came(IN_Q1, Q1, figures={"A7.1": 90}),
        Came(IN_H1, H1, figures={"A7.1": 180}),
        Came(IN_Q3, Q3, figures={"A7.1": 90}),
        Came(IN_Y, Y, figures={"A7.1": count, "A1.3": 4, "A1.4": 2}, each=12),
        at=date(2022, 12, 1),
        period=Y,
    )


def surveyed(satisfied: int) -> Evaluate:
    """One unit's 100 survey sheets beside another's, which carry the department."""
    return sent(
        Came(IN_Q1, figures={"A9.1": 100, "A9.2": satisfied}),
        Came(IN_Q1, unit="BT", figures={"A9.1": 1000, "A9.2": 950}),
        senders=("TV", "BT"),
        change=only_satisfaction,
    )


def only_satisfaction(plan_folder: Path) -> None:
    """Leave one target: more than 83 % are satisfied, strictly."""
    lines = (
        "[[target]]", 'id = "I.7"', 'text_vi = "Hài lòng trên 83 %"', 'text_en = "More than 83 % satisfied"',
        'basis = "seed"', 'indicator = "satisfaction"', 'comparison = ">"', 'threshold = "0.83"',
    )  # fmt: skip
    (plan_folder / "targets.toml").write_text("\n".join(lines) + "\n", "utf-8")


CASES: dict[str, Case] = {
    "P001": Case(quarter(sender="TV"), quarter(unit_report(date(2022, 3, 14)), sender="TV")),
    "P002": Case(
        quarter(unit_report(date(2022, 3, 15)), sender="TV"), quarter(unit_report(date(2022, 3, 14)), sender="TV")
    ),
    "P003": Case(
        quarter(unit_report(date(2022, 3, 14), A7_1="khoảng 120"), sender="TV"),
        quarter(unit_report(date(2022, 3, 14), A7_1=120), sender="TV"),
        frozenset({"R001"}),
    ),
    "P004": Case(sent(Came(IN_Q1, recorded_on=date(2022, 3, 16))), sent(Came(IN_Q1))),
    "P005": Case(
        sent(*(Came(date(2022, 3, 10 + n), figures={"A7.1": 120 + n}) for n in range(3))),
        sent(*(Came(date(2022, 3, 10 + n), figures={"A7.1": 120 + n}) for n in range(2))),
    ),
    # 13/3/2022 is a Sunday, 14/3 a Monday.
    "P006": Case(
        sent(Came(date(2022, 3, 12)), change=due_on("2022-03-13")),
        sent(Came(date(2022, 3, 12)), change=due_on("2022-03-14")),
    ),
    "P007": Case(
        sent(Came(IN_Y, Y), at=date(2022, 12, 20), period=Y),
        sent(Came(IN_Y, Y), Came(date(2022, 12, 15), Y, figures={"A7.1": 121}), at=date(2022, 12, 20), period=Y),
    ),
    "P008": Case(exported("14/03/2022 23:59:59"), exported("15/03/2022 00:00:00")),
    "P009": Case(
        sent(Came(IN_H1, "2022-Q2"), at=date(2022, 6, 20), period="2022-Q2"),
        sent(Came(IN_H1, "2022-Q2"), at=date(2022, 6, 20), period="2022-Q2", change=also_q2),
        frozenset({"R042"}),
    ),
    "P010": Case(
        sent(Came(IN_Q1, H1), at=date(2022, 6, 20), period=H1), sent(Came(IN_H1, H1), at=date(2022, 6, 20), period=H1)
    ),
    "V001": Case(half_year_letters(120, 119), half_year_letters(120, 121)),
    # 90 days and 182: 100 letters become 1011 at just under five times as many a day.
    "V002": Case(half_year_letters(100, 1012), half_year_letters(100, 1011)),
    "V003": Case(half_year_letters(120, 120), half_year_letters(120, 121)),
    "V004": Case(
        sent(Came(IN_Q1), Came(IN_Q1, unit="BT"), senders=("TV", "BT")),
        sent(Came(IN_Q1), Came(IN_Q1, unit="BT", figures={"A7.1": 7}), senders=("TV", "BT")),
    ),
    "V006": Case(letters_of_the_year(269), letters_of_the_year(270)),
    "V007": Case(surveyed(83), surveyed(84)),
}
