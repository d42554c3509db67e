"""What does `motcua serve` print? Where it answers, what it makes up for, and what runs next."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from flows.serving.serve import Ready

_NAMES = {"inbox-sweep": "quét inbox / sweep of the inbox", "after-cut-off": "tổng hợp / consolidation"}


def show_next_runs(console: Console, runs: Mapping[str, datetime], zone: tzinfo) -> None:
    """Print when each deployment runs next."""
    for name, at in sorted(runs.items(), key=lambda item: item[1]):
        console.print(f"Lượt tới / next: {at.astimezone(zone):%d/%m/%Y %H:%M} {_NAMES.get(name, name)}")


def show_ready(console: Console, ready: "Ready", zone: tzinfo, secret: Path | None) -> None:
    """Print that the schedule runs; with its own page, where one logs in with what."""
    if ready.ended_count:
        console.print(f"Đã bỏ {ready.ended_count} lượt chạy của lần trước / runs of an earlier time were dropped")
    for one in ready.made_up:
        skipped = "".join(f", {moment:%d/%m/%Y %H:%M}" for moment in one.skipped)
        earlier = f" (bỏ qua / skipped{skipped[1:]})" if skipped else ""
        console.print(
            f"Lỡ lịch, tổng hợp bù ngay / missed, made up for now: {one.period.id}, {one.at:%d/%m/%Y %H:%M}{earlier}",
            soft_wrap=True,
        )
    # A plan that is over has nothing left for the runs after a cut-off: only the sweep is worth a line.
    idle = {"after-cut-off"} if ready.is_plan_over else set()
    show_next_runs(console, {name: at for name, at in ready.next_runs.items() if name not in idle}, zone)
    if ready.is_plan_over:
        console.print(
            "Kế hoạch không còn ngày nào phải tổng hợp / no day of the plan is left to consolidate:"
            " motcua plan next-year",
            soft_wrap=True,
        )
    console.print(f"Sẵn sàng / ready: {ready.url} · Ctrl+C để dừng / to stop")
    if secret is not None:
        page = ready.url.removesuffix("/api")
        console.print(
            f"Trang / page: {page} · đăng nhập bằng chuỗi trong / log in with what is in {secret}", soft_wrap=True
        )
