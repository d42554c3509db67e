"""Killed at any moment and run again, a quarter ends as if nothing had happened.

This file is also a program: it imports everything once, forks a child for every kill, and prints what it saw as JSON.
A child counts what it does to the workspace (files opened for writing, renamed, removed, synced, folders made) and
kills itself with SIGKILL just before a given one. What the libraries write without Python's knowledge (Parquet, the
projection) is cut in the middle by a limit on the size of files: the operating system then kills the child. The
readers of files are forked before a child has any thread, since starting each anew would take a second or two.
"""

import hashlib
import json
import os
import pickle
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import flows.intake.reader
import flows.release.content
import flows.release.draft
from audit.events import Entry, TornLineSetAside
from audit.ledger import Ledger
from flows.audits.verify import verify, verify_release
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.intake.isolation import prepare_readers
from flows.intake.reader_process import serve
from flows.intake.validate import validate
from flows.keeping.create import create
from flows.quarterly import release_under_lock, run_quarter
from flows.release.draft import draft, waivable
from flows.release.waive import waive_under_lock
from tests.support.office import KEY, PERIOD, PLAN, log, report, small_plan
from tests.support.people import APPROVER, FOUNDER, appointed, at_door, sealing_of, seeded
from warehouse.workspace import SETTINGS, Workspace

CHECKOUT = Path(__file__).parents[2]
# A killed quarter takes seconds to be run again: CI kills at a hundred points, whoever waits at fewer.
KILL_POINTS = int(os.environ.get("MOTCUA_KILL_POINTS", "24"))
IS_THOROUGH = KILL_POINTS >= 100
PROGRAMS = 2
AROUND_A_COMMIT = range(-2, 4) if IS_THOROUGH else range(1)
SIZE_LIMITS = (700, 2_000, 4_500, 8_000, 12_000, 24_000, 300_000, 1_000_000)[:: 1 if IS_THOROUGH else 2]
COMMITS = (1, 2, 3, 4, 5) if IS_THOROUGH else (1, 3, 5)
TORN_BYTES = 300
READERS = 2
STAGES = {
    "intake": ("vault/", "store/report_value", "store/dossier_row"),
    "consolidation": ("store/dossier_state", "store/form_row", "store/figure", "store/indicator_member"),
    "publication": ("releases/",),
}
AT = datetime(2022, 3, 20, 2, 0, tzinfo=UTC)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")
# The lock's content says who holds it now; the projection is compared by `verify`, value by value.
_NOT_COMPARED = ("ledger.lock", "warehouse.duckdb")


def the_door() -> Door:
    # Random bytes that are always the same: what ends alike is alike to the byte.
    return at_door(FOUNDER, AT, "run", entropy=lambda size: b"\x2a" * size)


def dossiers() -> str:
    """Thirty dossiers: finished, pending, overdue, one whose date does not cast, one that stands twice."""
    lines = []
    for number in range(1, 31):
        received = PLAN.calendar.working_day_from(date(2022, 1, 4) + timedelta(days=number))
        done_on = PLAN.calendar.working_day_from(received + timedelta(days=3 + number % 5))
        finished = f"{done_on:%d/%m/%Y} 09:00:00" if number % 6 else ""
        finished = "31/02/2022 09:00:00" if number == 7 else finished
        code = f"000.00.15.H32-{received:%y%m%d}-{number:04d}"
        channel = ("Trực tuyến", "Trực tiếp", "BCCI")[number % 3]
        due = f"{PLAN.calendar.add_working_days(received, 5):%d/%m/%Y} 08:00:00"
        status = "Đã có kết quả" if finished else "Đang xử lý"
        cells = (code, "1.004650", "QLVHGD", channel, status, f"{received:%d/%m/%Y} 08:00:00", due, finished)
        lines += [" | ".join(cells)] * (2 if number == 11 else 1)
    return "\n".join(lines)


def lay_out(folder: Path) -> Workspace:
    """Make a workspace of one reporting unit and its inbox: a log, a report, and the same report once more."""
    plan_folder = small_plan(folder / "plan", sender="BT", has_targets=True)
    workspace = create(folder / "origin", plan_folder, the_door(), KEY, sealing_of(FOUNDER))
    appointed(workspace, APPROVER, "approver", AT, seeded(APPROVER))
    with (workspace.root / SETTINGS).open("a") as settings:
        settings.write(f"\n[reading]\nprocesses = {READERS}\n")
    (workspace.inbox / "so.csv").write_bytes(log(dossiers()))
    (workspace.inbox / "bao-cao.xlsx").write_bytes(report("BT", {"A9.1": 100, "A9.2": 84}))
    shutil.copyfile(workspace.inbox / "bao-cao.xlsx", workspace.inbox / "bao-cao-lan-2.xlsx")
    return workspace


def run(workspace: Workspace) -> None:
    """Run the quarter, say of what is fatal why it may stand, and publish."""
    door, period = the_door(), workspace.plan.period(PERIOD)
    run_quarter(workspace, door, period)
    until = door.today(workspace.plan) + timedelta(days=30)
    with entered(workspace, door, "waive") as ledger:
        found = draft(workspace, ledger, door, period)
        for rule_id, unit in waivable(found) if found is not None else ():
            waive_under_lock(workspace, ledger, door, period, rule_id, [unit], "thử nghiệm", until)
        published = release_under_lock(workspace, ledger, door, at_door(APPROVER, AT), period)
    assert not published.reasons, published.reasons


def remembering(memory: dict[str, object]) -> None:
    """Let the gate and the workbook answer from memory what they were asked before: they are pure, and slow."""
    gate, workbook = flows.release.draft.run_gate, flows.release.content.report_workbook

    def asked_gate(suites: Any, conventions: Any, tables: Mapping[str, bytes]) -> Any:
        # Suites and conventions are the same throughout.
        return remembered(pickle.dumps(sorted(tables.items())), lambda: gate(suites, conventions, tables))

    def asked_workbook(content: Any) -> Any:
        return remembered(pickle.dumps(content), lambda: workbook(content))

    def remembered(question: bytes, ask: Callable[[], object]) -> object:
        key = hashlib.sha256(question).hexdigest()
        if key not in memory:
            memory[key] = ask()
        return memory[key]

    flows.release.draft.run_gate = asked_gate
    flows.release.content.report_workbook = asked_workbook


def counted_and_kept(count: Callable[[], list[str]], memory: dict[str, object], kept: Path) -> list[str]:
    """Count the changes of a run, and keep what it was answered for the runs after it."""
    changes = count()
    kept.write_bytes(pickle.dumps(memory))
    return changes


def content_of(workspace: Workspace) -> dict[str, str]:
    return {
        workspace.relative(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and workspace.relative(path) not in _NOT_COMPARED
    }


def problems_of(workspace: Workspace) -> list[str]:
    result = verify(workspace)
    return [*result.problems, *(f"note: {note}" for note in result.notes)]


def watched(root: Path, on_change: Callable[[str], None]) -> None:
    """Call back before every change that this process makes to files under `root`."""
    inside = str(root)

    def see(event: str, arguments: tuple[object, ...]) -> None:
        is_change = event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING)
        if is_change and str(arguments[0]).startswith(inside):
            on_change(f"{event} {Path(str(arguments[0])).relative_to(inside)}")

    def see_sync(descriptor: int) -> None:
        # A killed process loses nothing that the operating system has taken: the wait for the disk is left out.
        on_change(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().relative_to(inside)}")

    sys.addaudithook(see)
    os.fsync = see_sync


class ForkedReader:
    """A reader process that is forked instead of started anew."""

    def __init__(self, theirs: Connection) -> None:
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            # The other ends of the connections too: a reader ends when nobody holds them.
            os.dup2(theirs.fileno(), 3)
            os.closerange(4, os.sysconf("SC_OPEN_MAX"))
            serve(Connection(3), validate)
            os._exit(0)


def in_child(work: Callable[[], object]) -> tuple[int, object]:
    """Run work in a forked child; return the signal that ended it (0: none) and what it returned."""
    with tempfile.TemporaryFile() as answer:
        child = os.fork()
        if child == 0:
            try:
                flows.intake.reader.start_process = ForkedReader
                prepare_readers(READERS)
                os.pwrite(answer.fileno(), json.dumps(work()).encode(), 0)
            except BaseException:  # noqa: BLE001 -- a child never returns into its parent's code
                sys.excepthook(*sys.exc_info())
                os._exit(3)
            os._exit(0)
        _, state = os.waitpid(child, 0)
        if os.WIFSIGNALED(state):
            return os.WTERMSIG(state), None
        if os.WEXITSTATUS(state):
            raise SystemExit("a child that nobody killed failed")
        return 0, json.loads(os.pread(answer.fileno(), os.fstat(answer.fileno()).st_size, 0))


def counted(workspace: Workspace, work: Callable[[Workspace], None]) -> list[str]:
    """Return every change of an undisturbed run, in order."""
    changes: list[str] = []
    watched(workspace.root, changes.append)
    work(workspace)
    return list(changes)


def kill_points(changes: Sequence[str]) -> list[int]:
    """Return the chosen changes: those around each commit, where one moment decides, and the others spread evenly."""
    commits = [n for n, change in enumerate(changes) if change == "open ledger.jsonl"]
    around = {n + offset for n in commits for offset in AROUND_A_COMMIT}
    others = [n for n in range(len(changes)) if n not in around]
    count = KILL_POINTS - len(around)
    return sorted(around | {others[(2 * k + 1) * len(others) // (2 * count)] for k in range(count)})


def die_at(workspace: Workspace, work: Callable[[Workspace], None], point: int) -> None:
    """Work until the change with this number, then die of SIGKILL."""
    seen = Counter[str]()

    def count(_: str) -> None:
        if seen["changes"] == point:
            os.kill(os.getpid(), signal.SIGKILL)
        seen["changes"] += 1

    watched(workspace.root, count)
    work(workspace)


def die_beyond(workspace: Workspace, work: Callable[[Workspace], None], size: int) -> None:
    """Work until a file would grow beyond this size, then die in the middle of writing it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    work(workspace)


def die_tearing(workspace: Workspace, work: Callable[[Workspace], None], commit: int) -> None:
    """Work until the commit with this number, then die with a part of its line written."""
    seen = Counter[str]()

    def limit(change: str) -> None:
        seen[change] += 1
        if change == "open ledger.jsonl" and seen[change] == commit:
            size = workspace.ledger.stat().st_size + TORN_BYTES
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    watched(workspace.root, limit)
    work(workspace)


def finish(workspace: Workspace) -> dict[str, object]:
    """Run again, undisturbed, and say what there is now."""
    left = sorted(workspace.releases.glob("*/*/official"))
    halves = [f"half a release: {problem}" for path in left for problem in verify_release(path).problems]
    run(workspace)
    torn = [
        event.sha256
        for entry in Ledger(workspace.ledger).entries
        for event in entry.events
        if isinstance(event, TornLineSetAside)
    ]
    problems = [*halves, *problems_of(workspace)]
    record = [f"{entry.kind}: {events_of(entry)}" for entry in Ledger(workspace.ledger).entries]
    return {"content": content_of(workspace), "problems": problems, "torn": torn, "record": record}


def events_of(entry: Entry) -> str:
    """Return what a line says, without the hashes of before: where two records differ, this shows how."""
    return "; ".join(event.model_dump_json(exclude_defaults=True) for event in entry.events)


def killed_and_finished(origin: Path, folder: Path, kill: Callable[[Workspace], None]) -> tuple[int, dict[str, object]]:
    """Copy the workspace, kill one run in it, run again; return the signal and the state."""
    workspace = Workspace(folder / "workspace")
    shutil.copytree(origin, workspace.root)
    try:
        ended_by, _ = in_child(lambda: kill(workspace))
        _, state = in_child(lambda: finish(workspace))
    finally:
        shutil.rmtree(workspace.root)
    assert isinstance(state, dict)
    return ended_by, state


def main(folder: Path, what: str, points: Sequence[int]) -> dict[str, object]:
    """Kill at each point (one of 100, a commit, or a size); return the undisturbed state and each other one."""
    # Slow imports, once, before the children fork: the gate's, and what pandera's first validation asks for.
    import great_expectations
    import hypothesis

    assert great_expectations.__version__, hypothesis.__version__
    origin = lay_out(folder).root
    calm = Workspace(folder / "workspace")
    shutil.copytree(origin, calm.root)
    memory: dict[str, object] = {}
    remembering(memory)
    kept = folder / "memory"
    _, changes = in_child(lambda: counted_and_kept(lambda: counted(calm, run), memory, kept))
    assert isinstance(changes, list)
    memory |= pickle.loads(kept.read_bytes())  # noqa: S301 -- our own, of a moment ago
    _, undisturbed = in_child(lambda: finish(calm))
    shutil.rmtree(calm.root)
    chosen = kill_points(changes)
    seen = []
    for point in points:
        if what == "kill":
            change = chosen[point]
            place, kill = changes[change], partial(die_at, work=run, point=change)
        elif what == "tear":
            place, kill = f"commit {point} of the run", partial(die_tearing, work=run, commit=point)
        else:
            place, kill = f"a file beyond {point} bytes", partial(die_beyond, work=run, size=point)
        ended_by, state = killed_and_finished(origin, folder, kill)
        seen.append({"point": point, "place": place, "ended_by": ended_by, **state})
    return {"changes": changes, "undisturbed": undisturbed, "seen": seen}


def started(folder: Path, what: str, points: Sequence[int]) -> subprocess.Popen[str]:
    """Start this file by itself: a process with no other thread can fork."""
    folder.mkdir()
    words = [sys.executable, "-m", "tests.keeping.test_crash", str(folder), what, *map(str, points)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT)


def answer_of(program: subprocess.Popen[str]) -> dict[str, Any]:
    output, errors = program.communicate()
    assert program.returncode == 0, errors[-4000:]
    answer = json.loads(output)
    assert isinstance(answer, dict)
    return answer


def differing(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    return sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))


def test_a_quarter_killed_at_any_of_many_points_and_run_again_ends_as_if_undisturbed(tmp_path: Path) -> None:
    programs = [started(tmp_path / str(n), "kill", range(n, KILL_POINTS, PROGRAMS)) for n in range(PROGRAMS)]
    points: set[int] = set()
    places: list[str] = []
    for answer in map(answer_of, programs):
        changes, undisturbed, seen = answer["changes"], answer["undisturbed"], answer["seen"]
        assert len(changes) > KILL_POINTS, "the points would fall together"
        assert undisturbed["problems"] == []
        assert f"releases/{PERIOD}/v1/official/manifest.sha256" in undisturbed["content"]
        assert not [path for path in undisturbed["content"] if path.startswith("inbox/")]
        for one in seen:
            assert one["record"] == undisturbed["record"], one["place"]
        wrong = {
            f"{one['point']}: {one['place']}": [*one["problems"], *differing(one["content"], undisturbed["content"])]
            for one in seen
        }
        assert {place: found for place, found in wrong.items() if found} == {}
        assert {one["ended_by"] for one in seen} == {signal.SIGKILL}, "every point is one at which the run dies"
        points |= {one["point"] for one in seen}
        places += [one["place"] for one in seen]
    assert points == set(range(KILL_POINTS))
    for stage, folders in STAGES.items():
        assert any(folder in place for place in places for folder in folders), f"no point lies in the {stage}"


def test_a_quarter_killed_in_the_middle_of_writing_a_file_and_run_again_ends_as_if_undisturbed(tmp_path: Path) -> None:
    answer = answer_of(started(tmp_path / "limit", "limit", SIZE_LIMITS))
    for one in answer["seen"]:
        assert one["ended_by"] == signal.SIGXFSZ, one["place"]
        assert one["problems"] == [], one["place"]
        assert one["record"] == answer["undisturbed"]["record"], one["place"]
        assert differing(one["content"], answer["undisturbed"]["content"]) == [], one["place"]


def test_a_commit_torn_by_a_kill_is_set_aside_with_a_record_and_made_again(tmp_path: Path) -> None:
    answer = answer_of(started(tmp_path / "tear", "tear", COMMITS))
    undisturbed = answer["undisturbed"]["content"]
    same = [path for path in undisturbed if path.startswith(("store/", "vault/")) or "/data/" in path]
    for one in answer["seen"]:
        assert one["ended_by"] == signal.SIGXFSZ, one["place"]
        assert one["problems"] == [], one["place"]
        assert [path for path in differing(one["content"], undisturbed) if path in same] == [], one["place"]
        kept = {path: sha256 for path, sha256 in one["content"].items() if path.startswith("torn/")}
        assert list(kept) == [f"torn/{sha256}.bin" for sha256 in one["torn"]], one["place"]
        assert list(kept.values()) == one["torn"], one["place"]
        assert len(one["torn"]) == 1, one["place"]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], [int(word) for word in sys.argv[3:]])))  # noqa: T201
