"""How long does reading an xlsx log take, from the file to cast batches, against python-calamine's bare reading of it?

`python -m bench.reading [--rows N]` writes a seeded log of N rows and 15 columns as a workbook into a folder that is
thrown away and reads it both ways, one after the other, several times. Printed, not asserted.
"""

import argparse
import csv
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from bench.intake import HEADINGS, PLAN, write_log
from flows.entry.places import PLANS
from schemas.plan import load_plan
from sources.logs.log import open_log, read_batches
from sources.logs.profile import load_profiles
from sources.logs.reader import open_source

_AIM_RATIO = 2
_REPEATS = 5
_KEY = b"\x17" * 32


def write_workbook(path: Path, log: Path) -> None:
    """Write the log of a CSV file as a workbook of one sheet, every cell as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ hồ sơ")
    with log.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(path)


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bench(folder: Path, rows: int) -> None:
    """Measure and print what came of it."""
    plan = load_plan(PLANS / PLAN)
    profiles = load_profiles(plan.folder)
    workbook = folder / "log.xlsx"
    write_log(folder / "log.csv", plan, rows)
    write_workbook(workbook, folder / "log.csv")

    def bare() -> None:
        CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0).to_python()

    def whole() -> None:
        log = open_log(open_source(workbook, ".xlsx", profiles), profiles)
        read = sum(batch.frame.height for batch in read_batches(log, plan, _KEY))
        if read != rows:
            raise SystemExit(f"{read} of {rows} rows were read")

    pairs = [(seconds(bare), seconds(whole)) for _ in range(_REPEATS)]
    bares, wholes = zip(*pairs, strict=True)
    print(f"{rows:,} rows, {len(HEADINGS)} columns, xlsx; median of {_REPEATS}")
    print(f"{'python-calamine, bare reading':36}{statistics.median(bares):7.2f} s")
    print(f"{'the whole reading, cast':36}{statistics.median(wholes):7.2f} s")
    ratio = statistics.median(whole / bare for bare, whole in pairs)
    print(f"{'ratio':36}{ratio:7.2f} (aim: at most {_AIM_RATIO})")


def main() -> None:
    """Read the number of rows and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        bench(Path(folder), rows)


if __name__ == "__main__":
    main()
