"""What should have run while nothing did, and what becomes of it?

The record says it, not Prefect's database: a period whose moment passed without a consolidation is made up for by one
run, for its latest moment. What Prefect still holds of an earlier time is ended, and named.
"""

from collections.abc import Sequence
from datetime import datetime

from flows.measures.due import Missed
from flows.serving.api import Api, KnownRun
from flows.serving.schedules import CONSOLIDATION

_SKIPPED = "bỏ qua: máy chủ không chạy vào giờ đó / skipped: nothing ran at that time"
_BROKEN_OFF = "đứt giữa chừng khi máy chủ dừng / broken off when the server ended"


def end_leftovers(api: Api, now: datetime) -> tuple[KnownRun, ...]:
    """End every run of an earlier server that nobody runs any more; return those that were never begun."""
    for run in api.runs("RUNNING", "PENDING", "CANCELLING"):
        api.end_run(run, "CRASHED", _BROKEN_OFF)
    skipped = api.runs("SCHEDULED", before=now)
    for run in skipped:
        api.end_run(run, "CANCELLED", _SKIPPED)
    return skipped


def make_up(api: Api, missed: Sequence[Missed]) -> None:
    """Have what was missed consolidated by one run, which stands for the latest moment of all."""
    if not missed:
        return
    latest = max(one.at for one in missed)
    deployment = next(one for one in api.deployments() if one.name == CONSOLIDATION)
    name = f"chạy bù {latest:%Y-%m-%d} {', '.join(one.period.id for one in missed)}"
    api.create_run(deployment, name, latest, ["bù"])
