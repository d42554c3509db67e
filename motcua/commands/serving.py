"""The command that runs a workspace by itself: a server, its schedules, and a watch over both."""

import contextlib
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from motcua.app import app
from motcua.options import WorkspaceOption, open_workspace
from motcua.printing.serving import show_next_runs, show_ready
from motcua.printing.terminal import console


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Cổng / port")] = 4200,
    ui: Annotated[bool, typer.Option("--ui", help="Mở cả trang của Prefect / with Prefect's own page")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Chạy máy chủ Prefect và lịch tổng hợp / run the Prefect server and the schedules."""
    from flows.serving.secret import secret_file
    from flows.serving.serve import Attendant, Ready
    from flows.serving.serve import serve as serve_verb
    from warehouse.workspace import Workspace

    opened = open_workspace(workspace)
    out = console()

    def say_ready(ready: Ready) -> None:
        show_ready(out, ready, opened.plan.zone, secret_file(opened) if ui else None)

    def say_registered(next_runs: Mapping[str, datetime]) -> None:
        out.print("Kế hoạch hoặc giờ chạy đã đổi, đã đăng ký lại / plan or hours have changed, registered anew")
        # The plan of now is not the one with which this command began.
        show_next_runs(out, next_runs, Workspace(opened.root).plan.zone)

    def say_amiss(message: str) -> None:
        print(f"lưu ý / note: {message}", file=sys.stderr)

    out.print("Đang khởi động, lần đầu mất chừng 15 giây / starting, about 15 seconds the first time …")
    with contextlib.suppress(KeyboardInterrupt):
        serve_verb(opened, port, ui, Attendant(say_ready, say_registered, say_amiss, lambda: datetime.now(UTC)))
