"""How does next year's plan begin? As this year's, shifted by its own rules, with what a person must confirm marked.

Windows and due dates move by a year: a last day stays the day before the same day of the calendar. Texts move where
they name the plan's year as a year ("năm 2022", "Quý I/2022"), never inside the number, day or span of a document.
Targets and tasks are taken over, each with its source to be confirmed; number and day of the decision are blank.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.plans.next_calendar import next_calendar
from schemas.plan import TO_CONFIRM, Plan
from schemas.plan_models import ToConfirm
from schemas.toml_text import as_toml

Document = dict[str, object]
Entry = dict[str, object]
_CARRIED = "cần xác nhận / to confirm: "
_AN_ID = re.compile(r"(\d{4})(?=\b|-)")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NextYear:
    """The files of next year's plan, and what a person must confirm of it."""

    year: int
    texts: Mapping[str, str]
    to_confirm: tuple[ToConfirm, ...]


def next_day(day: date) -> date:
    """Return the same day a year later; the 29th of February becomes the 1st of March."""
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def next_last_day(day: date) -> date:
    """Return a last day a year later: the day before the same day, so that the end of a month stays one."""
    return next_day(day + _DAY) - _DAY


def next_id(text: str) -> str:
    """Return a name with its year raised: 2022-Q1 becomes 2023-Q1."""
    return _AN_ID.sub(lambda found: str(int(found[1]) + 1), text, count=1)


def next_text(text: str, year: int) -> str:
    """Return a text of the plan with its year, and the one before, raised where they are said as years."""
    which = rf"(?P<year>{year - 1}|{year})\b(?![-/]\d| - )"
    said = re.compile(rf"(?P<word>\b(?:[Nn]ăm|[Yy]ear|[Qq]uý [IVX, ]+/|[Tt]háng \d{{1,2}}/)\s?){which}")
    names = re.compile(rf"(?P<word>\b(?:Q[1-4]|half of|months of|plan) ){which}")
    for pattern in (said, names):
        text = pattern.sub(lambda found: f"{found['word']}{int(found['year']) + 1}", text)
    return text


def next_year(
    plan: Plan, opening: Sequence[Mapping[str, str]] = (), earlier: Sequence[Mapping[str, str]] = ()
) -> NextYear:
    """Return next year's plan as this one suggests it, with what the year before left, where that is known."""
    year = plan.document.year
    items = _Items()
    texts = dict(plan.texts)
    texts["plan.toml"] = _plan(tomllib.loads(texts["plan.toml"]), year, items)
    texts["periods.toml"] = _periods(tomllib.loads(texts["periods.toml"]), year, items)
    texts["targets.toml"] = _targets(tomllib.loads(texts["targets.toml"]), year, items)
    texts["tasks.csv"] = _tasks(texts["tasks.csv"], year, items)
    document = tomllib.loads(texts["plan.toml"])
    calendar = next_calendar(document["calendar"], texts["calendar.csv"], document["timezone"], year + 1)
    texts["calendar.csv"] = calendar.text
    texts["plan.toml"] = as_toml({**document, "calendar": calendar.span}, _about("plan.toml", year))
    for question in calendar.questions:
        items.add("calendar.csv", question.key, question.vi, question.en)
    _catalogues(texts, items)
    for name in sorted(name for name in texts if name.startswith("report_profiles/")):
        texts[name] = _period_names(texts[name], year)
        items.add(
            name, "period_names", "Tên kỳ mà đơn vị ghi trong báo cáo", "The names of periods in the units' own reports"
        )
    texts["opening_balance.csv"] = _rows_text(texts["opening_balance.csv"], opening)
    texts["earlier_figures.csv"] = _rows_text(texts["earlier_figures.csv"], earlier)
    _balances(items, year, opening, earlier)
    texts[TO_CONFIRM] = _items_text(items.found)
    return NextYear(year + 1, texts, tuple(items.found))


class _Items:
    """What a person must confirm, numbered in the order of the plan's files."""

    def __init__(self) -> None:
        self.found: list[ToConfirm] = []

    def add(self, file: str, key: str, vi: str, en: str) -> None:
        self.found.append(
            ToConfirm(
                item=f"{len(self.found) + 1:03d}", file=file, key=key, question_vi=vi, question_en=en,
                confirmed_by="", source="",
            )
        )  # fmt: skip


def _about(file: str, year: int) -> str:
    return (
        f"{file}: lập từ kế hoạch năm {year}, cần xác nhận / drawn up from the plan of {year}; what to confirm:"
        f" {TO_CONFIRM}"
    )


def _entries(document: Mapping[str, object], name: str) -> list[Entry]:
    found = document.get(name, [])
    return [dict(one) for one in found] if isinstance(found, list) else []


def _by_period(entry: Mapping[str, object], name: str, then: Callable[[date], date] | None = None) -> Entry:
    """Return what an entry says by period, the periods and, where `then` is given, the days a year later."""
    said = entry.get(name, {})
    if not isinstance(said, Mapping):
        return {}
    moved = {next_id(period): then(day) if then and isinstance(day, date) else day for period, day in said.items()}
    return {name: moved} if moved else {}


def _plan(document: Document, year: int, items: _Items) -> str:
    for name in ("title_vi", "title_en"):
        document[name] = next_text(str(document[name]), year)
    before = str(document["id"])
    document["id"] = next_id(before) if str(year) in before else f"{before}-{year + 1}"
    document["year"] = year + 1
    decision = document.get("decision")
    told = dict(decision) if isinstance(decision, Mapping) else {}
    told.pop("on", None)
    told |= {"number": "", **({"dateline_vi": ""} if "dateline_vi" in told else {})}
    document["decision"] = told
    items.add("plan.toml", "decision", "Số và ngày quyết định ban hành kế hoạch: điền vào [decision] number, on",
              "Number and day of the decision that issues the plan: fill in [decision] number, on")  # fmt: skip
    if told.get("based_on_vi"):
        items.add(
            "plan.toml",
            "decision, based_on_vi",
            "Căn cứ ban hành còn là của năm trước",
            "The grounds are still those of the year before",
        )
    document["provision"] = provisions = _entries(document, "provision")
    for one in provisions:
        one["text_vi"] = next_text(str(one["text_vi"]), year)
        one["basis"] = _CARRIED + str(one["basis"])
        items.add(
            "plan.toml",
            f"provision {one['id']}",
            "Quy định bằng lời, lấy từ năm trước",
            "A provision in words, taken over",
        )
    if not provisions:
        del document["provision"]
    return as_toml(document, _about("plan.toml", year))


def _periods(document: Document, year: int, items: _Items) -> str:
    periods = _entries(document, "period")
    for one in periods:
        one["id"] = next_id(str(one["id"]))
        one["first_day"], one["last_day"] = next_day(_day(one["first_day"])), next_last_day(_day(one["last_day"]))
        one |= {name: next_id(str(one[name])) for name in ("before", "year_ago") if one.get(name)}
        one |= {name: next_text(str(one[name]), year) for name in ("name_vi", "name_en")}
        window = f"{one['first_day']} – {one['last_day']}"
        items.add("periods.toml", f"period {one['id']}", f"Kỳ số liệu {window}", f"The window {window}")
    for kind in ("report_type", "outgoing_report"):
        document[kind] = reports = _entries(document, kind)
        for one in reports:
            one |= _by_period(one, "last_day_on", next_last_day) | _by_period(one, "days_after_decision")
            one |= _by_period(one, "item_word")
            stated = one.get("provisional_in")
            if isinstance(stated, list):
                one["provisional_in"] = [next_id(str(period)) for period in stated]
            one["basis"] = _CARRIED + str(one["basis"])
            items.add(
                "periods.toml",
                f"{kind} {one['id']}, last_day_on",
                f"Hạn gửi: {one['name_vi']}",
                f"Due dates: {one['name_en']}",
            )
        if not reports:
            del document[kind]
    return as_toml({**document, "period": periods}, _about("periods.toml", year))


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no day")
    return value


def _targets(document: Document, year: int, items: _Items) -> str:
    targets = _entries(document, "target")
    for one in targets:
        one["text_vi"], one["text_en"] = (next_text(str(one[name]), year) for name in ("text_vi", "text_en"))
        one["basis"] = _CARRIED + str(one["basis"])
        items.add("targets.toml", f"target {one['id']}", f"Mục tiêu, ngưỡng và nguồn: {one['text_vi']}",
                  f"Target, threshold and source: {one['text_en']}")  # fmt: skip
    return as_toml({**document, "target": targets}, _about("targets.toml", year))


def _tasks(text: str, year: int, items: _Items) -> str:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = list(reader)
    for row in rows:
        row |= {name: next_text(row[name], year) for name in ("task_vi", "product_vi", "schedule_vi", "assignment_vi")}
        days = [date.fromisoformat(day.strip()) for day in row["last_days_on"].split("|") if day.strip()]
        row["last_days_on"] = "|".join(next_last_day(day).isoformat() for day in days)
        row["first_day"] = next_day(date.fromisoformat(row["first_day"])).isoformat() if row["first_day"] else ""
        row |= {"original_vi": "", "basis": "carried"}
        due = f" ({row['schedule_vi']})" if row["schedule_vi"] else ""
        items.add(
            "tasks.csv",
            row["id"],
            f"Còn là nhiệm vụ của năm tới? {row['task_vi']}{due}",
            f"Still a task next year? Its text, days and lead: {row['id']}",
        )
    return _table_text(reader.fieldnames or (), rows)


_CATALOGUES = (
    ("units.csv", "Phòng và đơn vị còn đúng", "Offices and units are still these"),
    ("procedures.csv", "Thủ tục, thời hạn, mức độ còn đúng", "Procedures, limits and levels are still these"),
    ("report_items.csv", "Mục báo cáo và bảng điểm còn đúng", "Line items and the score grid are still these"),
    (
        "conventions.toml",
        "Quy ước còn đúng; ghi chú nêu năm trước",
        "Conventions still hold; notes name the year before",
    ),
    ("disclosure.toml", "Quy tắc công bố mở còn đúng", "What the open part may show still holds"),
)


def _catalogues(texts: Mapping[str, str], items: _Items) -> None:
    for file, vi, en in _CATALOGUES:
        if file in texts:
            items.add(file, "", vi, en)


def _balances(items: _Items, year: int, opening: Sequence[object], earlier: Sequence[object]) -> None:
    vi = "Số hồ sơ tồn đầu năm" + ("" if opening else f": chưa có, nhập khi quý cuối năm {year} đã tổng hợp")
    en = "Dossiers pending at the beginning" + (
        "" if opening else f": none yet, import them once the last quarter of {year} is measured"
    )
    items.add("opening_balance.csv", "", vi, en)
    vi = "Số liệu năm trước để so sánh" + ("" if earlier else ": chưa có")
    items.add(
        "earlier_figures.csv", "", vi, "Figures of the year before, to compare with" + ("" if earlier else ": none yet")
    )


def _period_names(text: str, year: int) -> str:
    """Return a report profile with the years of its names of periods raised, its comments and patterns as they are."""
    head, mark, rest = text.partition("[period_names]\n")
    names, gap, tail = rest.partition("\n\n")
    return head + mark + re.sub(rf"\b({year - 1}|{year})\b", lambda found: str(int(found[1]) + 1), names) + gap + tail


def _table_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows_text(text: str, rows: Iterable[Mapping[str, str]]) -> str:
    return _table_text(csv.DictReader(io.StringIO(text, newline="")).fieldnames or (), rows)


def _items_text(items: Iterable[ToConfirm]) -> str:
    return _table_text(ToConfirm.model_fields, (item.model_dump() for item in items))
