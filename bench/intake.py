"""How long does an intake of a large log take, how much memory, and does `motcua status` answer all the while?

`python -m bench.intake [--rows N]` writes a seeded log of N rows and 15 columns into a folder that is thrown away and
takes it in twice through the command line: once alone, for the ratio to DuckDB's bare reading of the same file as text,
and once into another workspace while the status is asked for again and again. Printed, not asserted.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.ledger import Stamp
from audit.sealed_key import Sealing
from demo.people import FOUNDER_PASSPHRASE
from flows.entry.door import Door
from flows.entry.places import CHECKOUT, PLANS
from flows.keeping.create import create
from motcua.passphrase import VARIABLE as PASSPHRASE_FD
from schemas.plan import Plan
from warehouse.workspace import Workspace

SEED = 2022
ACTOR = "bench"
PLAN = "svhtt-khanh-hoa-2022"
PERIOD = "2022-Q1"
HEADINGS = (
    "Số hồ sơ", "Mã thủ tục", "Tên thủ tục hành chính", "Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Hình thức nộp", "Phòng ban", "Cán bộ xử lý",
    "Trạng thái hồ sơ",
)  # fmt: skip
_MOMENT = "%d/%m/%Y %H:%M:%S"
_SERIALS = 9_999
_STATUS_LIMIT_SECONDS = 1.5
_MEBIBYTE = 1 << 20
_BARE = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[2])
bare = "CREATE TABLE bare AS SELECT * FROM read_csv($1, all_varchar=true, header=true, delim=',')"
connection.execute(bare, sys.argv[1:2])
"""


@dataclass(frozen=True)
class Measured:
    """One process: how long it took, of that on the processors, and the most memory that it held."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def write_log(path: Path, plan: Plan, rows: int) -> None:
    """Write a log of so many rows, about one in fifty of them imperfect; the same number gives the same bytes."""
    rng = random.Random(SEED)
    period = plan.period(PERIOD)
    days = (period.last_day - period.first_day).days
    first = datetime.combine(period.first_day, datetime.min.time())
    offices = {unit.code: unit.name_vi for unit in plan.units}
    procedures = [procedure for procedure in plan.procedures if not procedure.immediate]
    agencies = plan.document.dossier_code.agencies
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEADINGS)
        for number in range(rows):
            day, serial = number % days, number // days
            received = first + timedelta(days=day, seconds=27_000 + rng.randrange(32_400))
            due = received + timedelta(days=7)
            finished = received + timedelta(days=rng.randrange(1, 9), seconds=rng.randrange(3_600))
            is_finished = finished.date() <= period.last_day and rng.random() < 0.95
            procedure = rng.choice(procedures)
            flaw = rng.randrange(200)
            lines.writerow(
                (
                    f"{agencies[serial // _SERIALS]}-{received:%y%m%d}-{serial % _SERIALS + 1:04d}",
                    procedure.code,
                    procedure.name_vi,
                    f"Người Thử Nghiệm {number:08d}",
                    f"{number:010d}",
                    f"Số {number}, đường Thử Nghiệm",
                    f"{number:012d}",
                    "" if flaw == 0 else received.strftime(_MOMENT),
                    "31/02/2022 08:00:00" if flaw == 1 else due.strftime(_MOMENT),
                    finished.strftime(_MOMENT) if is_finished else "",
                    "",
                    "Không rõ" if flaw == 2 else rng.choice(("Trực tuyến", "Trực tiếp", "BCCI")),
                    offices[procedure.office],
                    f"Cán bộ Thử Nghiệm {rng.randrange(1, 9):02d}",
                    "Treo" if flaw == 3 else "Đã có kết quả" if is_finished else "Đang xử lý",
                )
            )


SEALING = Sealing(FOUNDER_PASSPHRASE)


def environment() -> dict[str, str]:
    """Return the environment in which the checkout's own modules are found, and the founder is at the door."""
    return os.environ | {"PYTHONPATH": str(CHECKOUT), "MOTCUA_ACTOR": ACTOR}


def measure(words: list[str], good: tuple[int, ...] = (0,)) -> Measured:
    """Run a process to its end; SystemExit where it failed."""
    begun = time.monotonic()
    # The founder's passphrase, for the commands that are decisions.
    read, write = os.pipe()
    os.write(write, FOUNDER_PASSPHRASE.encode())
    os.close(write)
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment() | {PASSPHRASE_FD: str(read)},
        pass_fds=(read,),
    )  # fmt: skip
    os.close(read)
    assert process.stderr is not None  # noqa: S101 -- it was asked for above
    said = process.stderr.read().decode()
    _, state, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(state)
    if process.returncode not in good:
        raise SystemExit(said)
    return Measured(time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def ask_status(workspace: Workspace, done: threading.Event, answers: list[float]) -> None:
    """Ask for the status, one answer after the other, until the intake is done."""
    while not done.is_set():
        answers.append(measure([sys.executable, "-m", "motcua", "status", "-w", str(workspace.root)]).seconds)


def _line(what: str, measured: Measured) -> str:
    return f"{what:36}{measured.seconds:7.1f} s {measured.peak_bytes / _MEBIBYTE:9,.0f} MiB at its peak"


def bench(folder: Path, rows: int) -> None:
    """Measure and print what came of it."""
    door = Door(Stamp(datetime.now(UTC), ACTOR, "bench"), "bench")
    first, second = (create(folder / name, PLANS / PLAN, door, b"\x17" * 32, SEALING) for name in ("alone", "asked"))
    log = folder / "log.csv"
    write_log(log, first.plan, rows)
    print(f"{rows:,} rows, {len(HEADINGS)} columns, {log.stat().st_size / _MEBIBYTE:,.0f} MiB")
    bare = measure([sys.executable, "-c", _BARE, str(log), str(folder / "bare.duckdb")])
    print(_line("DuckDB, bare reading as text", bare))
    intake = [sys.executable, "-m", "motcua", "intake", str(log), "-w"]
    taken = measure([*intake, str(first.root)])
    print(_line("the whole intake", taken))
    print(f"{'ratio':36}{taken.seconds / bare.seconds:7.1f}")
    answers: list[float] = []
    done = threading.Event()
    asking = threading.Thread(target=ask_status, args=(second, done, answers))
    asking.start()
    try:
        print(_line("the whole intake, asked meanwhile", measure([*intake, str(second.root)])))
    finally:
        done.set()
        asking.join()
    what = f"status, the slowest of {len(answers)} answers"
    print(f"{what:36}{max(answers):7.2f} s (aim: under {_STATUS_LIMIT_SECONDS} s)")


def main() -> None:
    """Read the number of rows and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        bench(Path(folder), rows)


if __name__ == "__main__":
    main()
