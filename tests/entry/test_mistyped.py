"""What somebody mistypes is one line, Vietnamese first, that says what, where and how to mend it; the status is 2.

Which commands there are is asked of the program, as is what each of them takes.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from flows.entry.days import day_typed, moment_typed
from motcua.app import app
from schemas.nearest import names_meant
from tests.support.commands import every_command, run
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.people import APPROVER, FOUNDER, signing


def refused(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Return the one line with which a command line is refused."""
    done = run([*line.split(), *more], monkeypatch, capsys)
    assert done.status == 2, done
    [said] = done.errors.splitlines()
    assert said.startswith("motcua: ")
    assert " / " in said, "it is said in two languages"
    assert "Usage" not in done.output, "nor is there a box beside it"
    return said


def leaf(command: str) -> TyperCommand:
    found: object = typer.main.get_command(app)
    for word in command.split():
        assert isinstance(found, TyperGroup)
        found = found.commands[word]
    assert isinstance(found, TyperCommand)
    return found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("stauts", "không có lệnh stauts / there is no such command: gần nhất / nearest: status"),
        ("STATUS", "không có lệnh STATUS / there is no such command: gần nhất / nearest: status"),
        ("plan shwo", "không có lệnh shwo / there is no such command: gần nhất / nearest: show: motcua plan --help"),
        ("release aprove 2022-Q1", "không có lệnh aprove / there is no such command: gần nhất / nearest: approve"),
        ("keys zzzz", "there is no such command: có / there are: rotate, pseudonym, schedule, lost: motcua keys --help"),
        ("status --jsn", "không có tùy chọn --jsn / there is no such option: gần nhất / nearest: --json: motcua status"),
        ("verify --agianst x", "gần nhất / nearest: --against: motcua verify --help"),
        ("waive 2022-Q1 D001 --untill x", "gần nhất / nearest: --until"),
        ("status --json=3", "--json không nhận giá trị / takes no value: "),
        ("status --workspace", "--workspace thiếu giá trị / lacks its value: "),
        ("status 2022-Q1 a b", "thừa / too many arguments: a b: motcua status --help"),
        ("history --page hai", "--page hai: phải là số nguyên / has to be a whole number: motcua history --help"),
        ("history --page 0", "--page 0: nhỏ nhất là / the least is 1: "),
        ("history --limit 10001", "--limit 10001: lớn nhất là / the most is 10000: "),
        ("reproduce 2022-Q1 mot x", "version mot: phải là số nguyên / has to be a whole number: "),
        ("serve --port 4200x", "--port 4200x: phải là số nguyên / has to be a whole number: "),
        ("stat\x1b[31m", "không có lệnh stat\\x1b[31m / there is no such command"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_one_line_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, said: str
) -> None:
    assert said in refused(typed, monkeypatch, capsys)


def missing_pieces() -> Iterator[tuple[str, str]]:
    for command in sorted(every_command()):
        for param in leaf(command).params:
            if isinstance(param, TyperArgument | TyperOption) and param.required:
                yield command, param.name or ""
                break


@pytest.mark.parametrize(("command", "name"), missing_pieces())
def test_every_command_names_the_first_piece_that_it_lacks_and_what_that_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    said = refused(command, monkeypatch, capsys)
    [param] = [param for param in leaf(command).params if param.name == name]
    assert isinstance(param, TyperArgument | TyperOption)
    kind = "đối số / an argument" if isinstance(param, TyperArgument) else "tùy chọn / an option"
    assert f"thiếu {kind} is missing: " in said
    assert f"({param.help}): motcua {command} --help" in said
    assert param.help
    assert " / " in param.help


@pytest.mark.parametrize("command", sorted(every_command()))
def test_every_command_names_an_option_that_it_does_not_have(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    said = refused(command, monkeypatch, capsys, "--khong-co")
    assert "--khong-co / there is no such option: " in said
    assert said.endswith(f": motcua {command} --help")


@pytest.mark.parametrize("group", ["", "plan", "release", "people", "keys"])
def test_a_group_without_a_command_shows_what_it_has_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], group: str
) -> None:
    done = run(group.split(), monkeypatch, capsys)
    assert done.status == 2
    assert done.errors == f"motcua: thiếu lệnh / a command is missing: {' '.join(['motcua', *group.split()])} --help\n"
    assert "Usage" in done.output


@pytest.mark.parametrize(
    ("typed", "known", "said"),
    [
        ("2022-Q5", ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4", "2022-Y"], "nearest: 2022-Q4, 2022-Q3, 2022-Q2"),
        ("S-9", [f"S-{number:04}" for number in range(1, 20)], "nearest: S-0009, S-0008, S-0010"),
        ("Nguoi Thu Nghiem 17", ["Người Thử Nghiệm 017", "Người Dùng Giả Định 01"], "nearest: Người Thử Nghiệm 017"),
        ("zzz", ["a", "b"], "có / there are: a, b"),
        ("zzz", [], "chưa có / none"),
        ("zzz", [f"name {number}" for number in range(50)], ", name 39, … (+10)"),
    ],
)
def test_the_nearest_names_are_told_nearest_first(typed: str, known: list[str], said: str) -> None:
    assert names_meant(typed, known).endswith(said)


def test_of_names_that_bear_one_code_the_nearest_is_told() -> None:
    names = {"Thư viện tỉnh Khánh Hòa": "TV", "Thư viện": "TV", "TV": "TV", "Bảo tàng": "BT"}
    assert names_meant("thu vien", names, names) == "gần nhất / nearest: TV (Thư viện)"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A small department with one submission and a consolidation; nothing that is mistyped changes it."""
    folder = tmp_path_factory.mktemp("measured")
    office = Office.new(folder, small_plan(folder / "plan"))
    office.take(log(""))
    office.consolidate()
    office.appoint_approver()
    return office


NEAREST = [
    ("status 2022-Q5", "kỳ 2022-Q5 / the plan has no such period: gần nhất / nearest: 2022-Q4, 2022-Q3"),
    ("disclosure 2022-Q5", "gần nhất / nearest: 2022-Q4"),
    ("consolidate 2022-Q5", "gần nhất / nearest: 2022-Q4"),
    ("release list 2022-Q5", "gần nhất / nearest: 2022-Q4"),
    ("explain 2022-Q1 overdue_shar", "chỉ số overdue_shar / there is no such indicator: gần nhất / nearest: overdue_share"),
    ("explain 2022-Q1 II.06a.received", "has no such column: gần nhất / nearest: received_total"),
    ("explain 2022-Q1 overdue_share --unit TVV", "TVV không có trong kế hoạch / is not a unit of the plan: gần nhất / nearest: TV"),
    ("explain 2022-Q1 overdue_share --dimension chanel", "there is no such dimension: gần nhất / nearest: channel"),
    ("history --unit TVV", "gần nhất / nearest: TV"),
    ("history --rule D09", "there is no such rule: gần nhất / nearest: D009"),
    ("history --submission S-7", "không có lần nộp S-7 / there is no such submission: gần nhất / nearest: S-0001"),
    ("history --run 77", "there is no such run: gần nhất / nearest: "),
    ("history --by uint", "gần nhất / nearest: unit"),
    ("template TVV 2022-Q1", "gần nhất / nearest: TV"),
    ("show S-0017", "there is no such submission: gần nhất / nearest: S-0001: motcua status"),
    ("withdraw S-0017 --reason x", "gần nhất / nearest: S-0001"),
    ("reinstate S-0017 --reason x", "gần nhất / nearest: S-0001"),
    ("receipt S-0017 --on 14/03/2022 --evidence x --reason x", "gần nhất / nearest: S-0001"),
    ("sender S-0017 --unit TV --reason x", "gần nhất / nearest: S-0001"),
    ("sender S-0001 --unit TVV --reason x", "gần nhất / nearest: TV"),
    ("sender S-0001 --period 2022-Q5 --reason x", "gần nhất / nearest: 2022-Q4"),
    ("replay D09", "there is no such rule or version: gần nhất / nearest: D009"),
    ("replay D009@7", "gần nhất / nearest: D009@1"),
    ("replay D009 --submission S-0017", "gần nhất / nearest: S-0001"),
    ("reproduce 2022-Q1 7 x", "2022-Q1 không có v7 / has no such version: chưa có / none"),
    ("plan show --area VV", "the plan has no such area: gần nhất / nearest: V"),
    ("plan show khanh-hoa", "or a bundled one, gần nhất / nearest: svhtt-khanh-hoa-2022"),
    ("plan show --proposal PL-0007", "không có đề nghị PL-0007 / there is no such proposal: chưa có / none"),
    ("init moi --plan khanh-hoa", "or a bundled one, gần nhất / nearest: svhtt-khanh-hoa-2022"),
    ("unwaive W-0007 --reason x", "is not there or was revoked: chưa có / none: motcua waivers"),
    ("waive 2022-Q1 D001 --reason x --until 2030-12-31 --unit TVV", "gần nhất / nearest: TV"),
    ("justify 2022-Q1 D016 --reason x --unit TVV", "gần nhất / nearest: TV"),
    ("intake so.csv --sender TVV", "gần nhất / nearest: TV"),
    ("intake so.csv --period 2022-Q5", "gần nhất / nearest: 2022-Q4"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), NEAREST)
def test_a_name_that_is_not_there_is_answered_with_the_nearest(
    measured: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    typed: str, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    size = measured.ledger.size
    where = () if typed.startswith("init") else ("-w", str(measured.workspace.root))
    with signing(FOUNDER) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert said in refused(typed, monkeypatch, capsys, *where)
    assert measured.ledger.size == size
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("people", "dismiss", "Người Dùng Giả Định 2", "--role", "approver"), f"gần nhất / nearest: {APPROVER}"),
        (("people", "dismiss", APPROVER, "--role", "aprover"), "gần nhất / nearest: approver"),
        (("people", "appoint", "Người Dùng Giả Định 2", "--role", "analyst"), f"gần nhất / nearest: {APPROVER}"),
        (("people", "revoke", "Người Dùng Giả Định 2", "--reason", "x"), f"gần nhất / nearest: {APPROVER}"),
    ],
)
def test_a_person_who_is_not_there_is_answered_with_the_nearest(
    measured: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    typed: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    with signing(FOUNDER) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert said in refused("", monkeypatch, capsys, *typed, "-w", str(measured.workspace.root))


def test_an_actor_whom_the_record_does_not_know_is_told_whom_it_knows(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("consolidate", PERIOD, "--actor", "Người Dùng Giả Định 1", "-w", str(office.workspace.root))
    assert f"(gần nhất / nearest: {FOUNDER})" in refused("", monkeypatch, capsys, *words)


@pytest.mark.parametrize("typed", ["2022-03-05", "05/03/2022", "5/3/2022", " 05/03/2022 "])
def test_a_day_is_typed_as_the_record_writes_it_or_as_people_do(typed: str) -> None:
    assert day_typed(typed) == date(2022, 3, 5)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2022-03-05", datetime(2022, 3, 5)),
        ("05/03/2022", datetime(2022, 3, 5)),
        ("2022-03-05T08:15", datetime(2022, 3, 5, 8, 15)),
        ("05/03/2022 8:15", datetime(2022, 3, 5, 8, 15)),
        ("5/3/2022 08:15:30", datetime(2022, 3, 5, 8, 15, 30)),
        ("2022-03-05T08:15:30Z", datetime(2022, 3, 5, 8, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_day_and_where_it_is_said_the_time(typed: str, moment: datetime) -> None:
    assert moment_typed(typed) == moment


TAKING_A_DAY = {
    "status --as-known-on": "status --as-known-on {}",
    "show --as-known-on": "show S-0001 --as-known-on {}",
    "explain --as-known-on": "explain 2022-Q1 overdue_share --as-known-on {}",
    "history --as-known-on": "history --as-known-on {}",
    "nc list --as-known-on": "nc list --as-known-on {}",
    "nc overdue --as-known-on": "nc overdue --as-known-on {}",
    "nc pareto --as-known-on": "nc pareto --as-known-on {}",
    "nc show --as-known-on": "nc show NC-2022-Q1-001 --as-known-on {}",
    "nc act --done-on": "nc act NC-2022-Q1-001 --action 1 --evidence x --done-on {}",
    "nc open --due": "nc open --description a --clause b --process c --period 2022-Q1 --due {}",
    "waive --until": "waive 2022-Q1 D001 --reason x --until {}",
    "intake --received-on": "intake so.csv --evidence x --received-on {}",
    "receipt --on": "receipt S-0001 --evidence x --reason x --on {}",
    "intake --exported-at": "intake so.csv --exported-at {}",
    "release request --embargo-until": "release request 2022-Q1 --embargo-until {}",
}
TO_COME = {"waive --until", "nc open --due", "release request --embargo-until"}


def test_every_option_that_takes_a_day_is_known() -> None:
    days = {
        f"{command} {param.opts[0]}"
        for command in every_command()
        for param in leaf(command).params
        if isinstance(param, TyperOption) and "dd/mm/yyyy" in (param.metavar or "")
    }
    assert days == set(TAKING_A_DAY)


@pytest.mark.parametrize("name", TAKING_A_DAY)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2022", "31/02/2022: lịch không có ngày này / is no day of the calendar"),
        ("2022-13-01", "2022-13-01: lịch không có ngày này / is no day of the calendar"),
        ("03/2022", "03/2022: không phải ngày / is no day: viết ngày/tháng/năm / write it as dd/mm/yyyy"),
        ("05-03-2022", "05-03-2022: không phải ngày / is no day"),
    ],
)
def test_what_is_no_day_is_refused_wherever_a_day_is_taken(
    measured: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, typed: str, said: str,
) -> None:  # fmt: skip
    line = refused(TAKING_A_DAY[name].format(typed), monkeypatch, capsys, "-w", str(measured.workspace.root))
    assert said in line
    assert name.split()[-1] in line


@pytest.mark.parametrize("name", TAKING_A_DAY)
def test_a_day_to_come_is_refused_where_it_cannot_be_meant_and_nowhere_else(
    measured: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    office, to_come = measured.copy(tmp_path / "workspace"), datetime.now(UTC).date() + timedelta(days=2)
    for typed in (f"{to_come:%d/%m/%Y}", f"{to_come}"):
        with signing(FOUNDER) as environment:
            for key, value in environment.items():
                monkeypatch.setenv(key, value)
            words = [*TAKING_A_DAY[name].format(typed).split(), "-w", str(office.workspace.root)]
            done = run(words, monkeypatch, capsys)
        is_refused = f"{to_come:%d/%m/%Y}: ngày chưa đến / the day is still to come" in done.errors
        assert is_refused == (name not in TO_COME), done
        assert done.status == 2 or not is_refused


def test_the_past_is_asked_for_in_either_way_of_writing_a_day(
    measured: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["status", "--json", "-w", str(measured.workspace.root), "--as-known-on"]
    first, second = (run([*words, typed], monkeypatch, capsys) for typed in ("21/03/2022", "2022-03-21"))
    assert first.status == 0
    assert first == second


@pytest.mark.parametrize("typed", [words for words, _ in NEAREST if words.endswith("--reason x")])
def test_a_blank_reason_is_no_reason(
    measured: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    size = measured.ledger.size
    words = [*typed.replace("S-0017", "S-0001").split()[:-1], "  "]
    with signing(FOUNDER) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        ran = run([*words, "-w", str(measured.workspace.root)], monkeypatch, capsys)
    assert ran.status == 2
    assert len(ran.errors.splitlines()) == 1
    assert measured.ledger.size == size
