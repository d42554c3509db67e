"""What the machine refuses is one line and status 2; what is wrong with the program itself stays loud."""

import errno
import sys
from collections.abc import Callable

import pytest

import flows.intake.reader
import motcua.cli
from motcua.cli import main
from motcua.printing.faults import fault_text, is_of_the_machine
from tests.support.office import Office


def ended(office: Office, monkeypatch: pytest.MonkeyPatch, raised: Callable[[], object]) -> int | str | None:
    """Run a command in which this happens; return its exit status."""
    monkeypatch.setattr(motcua.cli, "app", lambda **_: raised())
    monkeypatch.setattr(sys, "argv", ["motcua", "status", "-w", str(office.workspace.root)])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def raising(error: BaseException) -> Callable[[], object]:
    def work() -> object:
        raise error

    return work


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "no space left"), (errno.EROFS, "read-only"), (errno.EACCES, "not permitted"),
        (errno.EMFILE, "too many open files"), (errno.EIO, "the disk fails"), (errno.EFBIG, "limit on sizes"),
        (errno.ENOENT, "no such file"), (errno.EDQUOT, "quota"), (errno.ENOMEM, "memory is short"),
    ],
)  # fmt: skip
def test_what_the_operating_system_refuses_is_one_line_and_status_2(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, said: str
) -> None:
    refused = OSError(number, "x", "/noi/bao\x1b[31mcao.csv")
    assert ended(office, monkeypatch, raising(refused)) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("motcua: /noi/bao\\x1b[31mcao.csv: ")
    assert said in error
    assert error.strip().isprintable()


def test_memory_and_readers_that_do_not_start_are_the_machines_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error in (MemoryError(), flows.intake.reader.ReaderNotStartedError("x / y")):
        assert ended(office, monkeypatch, raising(error)) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_closed_pipe_is_no_error_and_says_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(office, monkeypatch, raising(BrokenPipeError())) == 0
    assert capsys.readouterr().err == ""


def test_ctrl_c_is_status_130(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(office, monkeypatch, raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "motcua: đã dừng / stopped\n"


@pytest.mark.parametrize("error", [KeyError("ours"), OSError("ours"), ZeroDivisionError()])
def test_a_mistake_of_our_own_stays_loud(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(motcua.cli, "app", lambda **_: raising(error)())
    with pytest.raises(type(error)):
        main()


def test_of_a_file_that_is_moved_the_place_that_refused_it_is_named() -> None:
    error = OSError(errno.EXDEV, "x", "/tu", None, "/den")
    assert is_of_the_machine(error)
    assert fault_text(error).startswith("/den: ")
