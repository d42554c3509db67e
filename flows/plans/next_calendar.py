"""Which days off does next year's plan know, and which must wait for the decision of the year?

What the calendar holds already stays. Beyond its end the days that the law lays on a day of the calendar are filled in
as expected, a weekend's with the next working day; what a yearly decision says is asked, never guessed.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FIXED_DAYS = Path(__file__).parents[2] / "schemas" / "fixed_days.toml"
_BASIS = "Bộ luật Lao động 2019, điều 111 và 112; chờ quyết định nghỉ lễ của năm / awaits the decision of the year"


@dataclass(frozen=True)
class Question:
    """What a person must confirm of the calendar."""

    key: str
    vi: str
    en: str


@dataclass(frozen=True)
class NextCalendar:
    """The calendar as next year's plan has it: how far it reaches, its days, and what is open."""

    span: Mapping[str, object]
    text: str
    questions: tuple[Question, ...]


@cache
def _holidays() -> Mapping[str, Mapping[str, Sequence[Mapping[str, str | int]]]]:
    found: dict[str, dict[str, list[dict[str, str | int]]]] = tomllib.loads(FIXED_DAYS.read_text("utf-8"))
    return found


def next_calendar(span: Mapping[str, object], text: str, timezone: str, year: int) -> NextCalendar:
    """Return the calendar through the end of the year after `year`, and what is to be confirmed of `year`."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = list(reader)
    last, through = span["last_day"], span["decreed_through"]
    if not isinstance(last, date) or not isinstance(through, date):
        raise TypeError("a calendar reaches from a day to a day")
    reach = max(last, date(year + 1, 12, 31))
    stated = span.get("weekly_days_off", [6, 7])
    weekly = [int(one) for one in stated] if isinstance(stated, list) else [6, 7]
    known = {row["day"] for row in rows}
    law = _holidays().get(timezone, {})
    for row in _filled(law.get("fixed", ()), last, reach, weekly, known):
        rows.append(row)
        known.add(row["day"])
    rows.sort(key=lambda row: row["day"])
    out = io.StringIO()
    writer = csv.DictWriter(out, list(reader.fieldnames or ()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    of_year = [row for row in rows if row["day"].startswith(f"{year}-")]
    questions = tuple(_questions(law.get("decided", ()), of_year, year, is_decreed=date(year, 12, 31) <= through))
    return NextCalendar({**span, "last_day": reach}, out.getvalue(), questions)


def _filled(
    fixed: Sequence[Mapping[str, str | int]], last: date, reach: date, weekly: Sequence[int], known: set[str]
) -> Iterator[dict[str, str]]:
    """Yield the days off that the law fixes after the calendar's former end.

    One on a weekly day off moves to the next day that is worked, and is no other day off.
    """
    days = [
        (date(year, int(one["month"]), int(one["day"])), str(one["name_vi"]))
        for year in range(last.year, reach.year + 1)
        for one in fixed
    ]
    after = [(day, name) for day, name in sorted(days) if last < day <= reach and day.isoformat() not in known]
    taken = known | {day.isoformat() for day, _ in after if day.isoweekday() not in weekly}
    for day, name in after:
        moved, label = day, name
        if day.isoweekday() in weekly:
            label = f"Nghỉ bù {name}"
            while moved.isoweekday() in weekly or moved.isoformat() in taken:
                moved += timedelta(days=1)
            taken.add(moved.isoformat())
        if moved <= reach:
            yield {"day": moved.isoformat(), "kind": "off", "name_vi": label, "status": "expected", "basis": _BASIS}


def _questions(
    decided: Sequence[Mapping[str, str | int]], of_year: Sequence[Mapping[str, str]], year: int, *, is_decreed: bool
) -> Iterator[Question]:
    named = {str(one["name_vi"]): one for one in decided}
    for name, one in named.items():
        days = [row["day"] for row in of_year if row["name_vi"].endswith(name) and _is_by_decision(row, name)]
        said_vi = f"đang ghi {', '.join(days)}" if days else "chưa có ngày nào"
        said_en = f"now {', '.join(days)}" if days else "no day yet"
        yield Question(
            f"{name} {year}",
            f"{name} {year} ({one['rule_vi']}): {said_vi}",
            f"{one['name_en']} {year} ({one['rule_en']}): {said_en}",
        )
    moved = [row["day"] for row in of_year if row["name_vi"].startswith("Nghỉ bù") or row["kind"] == "worked"]
    yield Question(
        f"nghỉ bù, làm bù {year}",
        f"Ngày nghỉ bù và làm bù của năm {year}: {', '.join(moved) or 'chưa có ngày nào'}",
        f"Substitute days off and days worked instead in {year}: {', '.join(moved) or 'none yet'}",
    )
    if not is_decreed:
        yield Question(
            f"decreed_through {year}",
            f"Lịch năm {year} đã ban hành: ghi mọi ngày nghỉ là decreed và đặt decreed_through = {year}-12-31",
            f"Once the calendar of {year} is decreed: mark its days decreed and set decreed_through = {year}-12-31",
        )


def _is_by_decision(row: Mapping[str, str], name: str) -> bool:
    """Tell a day that only the decision of the year can say from one that the law fixes under the same name."""
    return not (name == "Quốc khánh" and row["day"].endswith("-09-02"))
