"""How long does one consolidation of the demo quarter take, as a whole process, while a Prefect server runs?

`python -m bench.consolidation` makes the demo in a folder that is thrown away, starts `motcua serve` on it, and
consolidates the quarter again after one submission was withdrawn. The same without a server stands beside it. Printed,
not asserted.
"""

import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from audit.ledger import Stamp
from bench.intake import environment, measure
from demo.run import PERIOD, make_demo
from flows.entry.door import Door
from flows.quarterly import run_quarter
from flows.serving.address import running_url
from warehouse.workspace import Workspace

_START_SECONDS = 150
_AIM_SECONDS = 10


def _motcua(workspace: Workspace, *words: str) -> list[str]:
    return [sys.executable, "-m", "motcua", *words, "-w", str(workspace.root)]


def _consolidate(workspace: Workspace, number: str) -> float:
    """Withdraw a submission, so that there is something to compute, and time the consolidation that follows."""
    measure(_motcua(workspace, "withdraw", number, "--reason", "bench"))
    return measure(_motcua(workspace, "consolidate", PERIOD)).seconds


def bench(folder: Path) -> None:
    """Measure and print what came of it."""
    door = Door(Stamp(datetime.now(UTC), "bench", "bench"), "bench")
    workspace = make_demo(folder / "demo", door, secrets.token_bytes(32), replace=False)
    run_quarter(workspace, door, workspace.plan.period(PERIOD))
    alone = _consolidate(workspace, "S-0001")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    server = subprocess.Popen(
        _motcua(workspace, "serve", "--port", port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment(),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + _START_SECONDS
        while running_url(workspace) is None:
            if time.monotonic() > deadline:
                raise SystemExit("the server did not start")
            time.sleep(0.5)
        with_server = _consolidate(workspace, "S-0003")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    print(f"{'consolidation, no server':36}{alone:7.1f} s")
    print(f"{'consolidation, server running':36}{with_server:7.1f} s (aim: under {_AIM_SECONDS} s)")


def main() -> None:
    """Measure in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        bench(Path(folder))


if __name__ == "__main__":
    main()
