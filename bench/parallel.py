"""How much faster are sixteen files taken in at once than one after the other?

`python -m bench.parallel [--rows N ...] [--rounds N]` writes sixteen logs of N rows and takes them in through the
command line in turns: by one command with a reader for each processor, by one command with a single reader, and by
sixteen commands. Printed, not asserted: the ratios of each round, the best and the median. The smaller the files, the
more of a command is its start, which nothing makes faster.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from audit.ledger import Stamp
from bench.intake import ACTOR, PLAN, SEALING, measure, write_log
from flows.entry.door import Door
from flows.entry.places import PLANS
from flows.keeping.create import create
from schemas.plan import load_plan
from warehouse.workspace import SETTINGS, Workspace

FILES = 16
_AIM = 1.6


def new_workspace(folder: Path, processes: int) -> Workspace:
    """Make a workspace that reads with so many processes; 0 for one on each processor."""
    door = Door(Stamp(datetime.now(UTC), ACTOR, "bench"), "bench")
    workspace = create(folder, PLANS / PLAN, door, b"\x17" * 32, SEALING)
    with (workspace.root / SETTINGS).open("a") as settings:
        settings.write(f"\n[reading]\nprocesses = {processes}\n")
    return workspace


def taken_in(workspace: Workspace, *batches: Sequence[Path]) -> float:
    """Take each batch of logs in by a command of its own; return the seconds of all commands."""
    words = [sys.executable, "-m", "motcua", "intake"]
    return sum(measure([*words, *map(str, logs), "-w", str(workspace.root)]).seconds for logs in batches)


def bench(folder: Path, rows: int, rounds: int) -> None:
    """Measure in turns and print the ratios."""
    plan = load_plan(PLANS / PLAN)
    logs = []
    for n in range(FILES):
        logs.append(folder / f"log-{n:02}.csv")
        # One row more each time: sixteen submissions, not one that is seen sixteen times.
        write_log(logs[-1], plan, rows + n)
    print(f"{FILES} files of {rows:,} rows")
    to_reader, to_commands = [], []
    for n in range(rounds):
        at_once = taken_in(new_workspace(folder / f"{n}-at-once", 0), logs)
        reader = taken_in(new_workspace(folder / f"{n}-reader", 1), logs)
        commands = taken_in(new_workspace(folder / f"{n}-commands", 1), *([log] for log in logs))
        to_reader.append(reader / at_once)
        to_commands.append(commands / at_once)
        print(
            f"  at once {at_once:5.1f} s, one reader {reader:5.1f} s ({to_reader[-1]:.2f}),"
            f" sixteen commands {commands:5.1f} s ({to_commands[-1]:.2f})"
        )
    for name, ratios in (("one reader", to_reader), ("sixteen commands", to_commands)):
        print(f"  to {name}: best {max(ratios):.2f}, median {statistics.median(ratios):.2f} (aim: at least {_AIM})")


def main() -> None:
    """Read the numbers of rows and of rounds, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_500, 40_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    stated = parser.parse_args()
    for rows in stated.rows:
        with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
            bench(Path(folder), rows, stated.rounds)


if __name__ == "__main__":
    main()
