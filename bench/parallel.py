"""How much faster are sixteen files taken in at once than one after the other?

`python -m bench.parallel [--rows N] [--pairs N]` writes sixteen logs of N rows and takes them in through the command
line, with one reader process and with one for each processor, in turns. Printed, not asserted: the ratio of each pair,
the best and the median.
"""

import argparse
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from audit.ledger import Stamp
from bench.intake import ACTOR, PLAN, measure, write_log
from flows.create import create
from flows.door import Door
from flows.places import PLANS
from schemas.plan import load_plan
from warehouse.workspace import SETTINGS

FILES = 16
_AIM = 1.6


def taken_in(folder: Path, logs: list[Path], processes: int) -> float:
    """Take the logs into a new workspace; return the seconds of the whole command."""
    door = Door(Stamp(datetime.now(UTC), ACTOR, "bench"), "bench")
    workspace = create(folder, PLANS / PLAN, door, b"\x17" * 32)
    with (workspace.root / SETTINGS).open("a") as settings:
        settings.write(f"\n[reading]\nprocesses = {processes}\n")
    words = [sys.executable, "-m", "motcua", "intake", *map(str, logs), "-w", str(workspace.root)]
    return measure(words).seconds


def bench(folder: Path, rows: int, pairs: int) -> None:
    """Measure in turns and print the ratios."""
    plan = load_plan(PLANS / PLAN)
    logs = []
    for n in range(FILES):
        logs.append(folder / f"log-{n:02}.csv")
        # One row more each time: sixteen submissions, not one that is seen sixteen times.
        write_log(logs[-1], plan, rows + n)
    print(f"{FILES} files of {rows:,} rows")
    ratios = []
    for n in range(pairs):
        single, several = (taken_in(folder / f"{n}-{processes}", logs, processes) for processes in (1, 0))
        ratios.append(single / several)
        print(f"one after the other {single:6.1f} s, at once {several:6.1f} s, ratio {ratios[-1]:.2f}")
    print(f"ratio: best {max(ratios):.2f}, median {statistics.median(ratios):.2f} (aim: at least {_AIM})")


def main() -> None:
    """Read the number of rows and pairs, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--pairs", type=int, default=3)
    stated = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        bench(Path(folder), stated.rows, stated.pairs)


if __name__ == "__main__":
    main()
