"""What waits for a person, and what would settle it: how does that look in a terminal?"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from flows.desk.waiting import Waiting


def show_waiting(console: Console, waiting: "Iterable[Waiting]") -> None:
    """Print what waits for a person, a line each."""
    for one in waiting:
        console.print(_line(one), soft_wrap=True)


def _line(one: "Waiting") -> str:
    which = f"{one.period} v{one.version}"
    match one.kind:
        case "missed":
            skipped = ", ".join(_moment(moment) for moment in one.skipped)
            earlier = f" (trước đó / before it: {skipped})" if skipped else ""
            when = f"lỡ lịch tổng hợp / a scheduled consolidation was missed: {_moment(one.since)}{earlier}"
            return f"{one.period}: {when}: motcua consolidate {one.period}"
        case "draft":
            against = f"{one.reason_count} lý do chưa công bố được / reasons against publishing"
            ask = f"không gì cản trở / nothing against it: motcua release request {one.period}"
            found = against if one.reason_count else ask
            return f"{which}: bản thảo chờ xem / a draft to be read: {one.folder}/: {found}"
        case "requested":
            return f"{which}: chờ duyệt / waits for approval: motcua release approve {one.period}"
        case "approved":
            return f"{which}: chờ công bố / waits for publication: motcua publish {one.period}"


def _moment(text: str) -> str:
    # A moment of the timetable is one of the plan's zone already.
    return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M}"
