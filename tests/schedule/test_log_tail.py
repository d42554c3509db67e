"""An error in a log is told in one line, whoever wrote it; what is no error is not told."""

from pathlib import Path

import pytest

from flows.serving.log_tail import LogTail, first_error

SCHEDULER = """\
10:00:01.000 | WARNING | prefect.server - slow
10:00:02.123 | ERROR   | prefect.server.services.scheduler - Error
Traceback (most recent call last):
  File "scheduler.py", line 1, in schedule_deployments
    await insert()
sqlalchemy.exc.InvalidRequestError: Can't evaluate bulk DML statement; please supply a decorated function
10:00:03.000 | ERROR   | another
"""
FAILED = "sqlalchemy.exc.InvalidRequestError: Can't evaluate bulk DML statement; please supply a decorated function"
BUSY = """\
10:58:16.713 | ERROR   | prefect.server - Encountered error during state validation
Traceback (most recent call last):
  File "aiosqlite.py", line 213, in execute
sqlite3.OperationalError: database is locked

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked
(Background on this error at: https://sqlalche.me/e/20/e3q8)
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            SCHEDULER,
            FAILED,
            id="what was raised, rather than the line above it",
        ),
        pytest.param(
            "ERROR:    [Errno 98] address already in use\n", "[Errno 98] address already in use", id="uvicorn"
        ),
        pytest.param("10:00:02 | CRITICAL | prefect - out of memory\n", "prefect - out of memory", id="critical"),
        pytest.param("Traceback (most recent call last):\n  File\nOSError: no space\n", "OSError: no space", id="bare"),
        pytest.param("INFO:     started\n10:00:02 | WARNING | x - no ERROR here\n", None, id="a word in a warning"),
        pytest.param(BUSY, None, id="a database that another request writes"),
        pytest.param(BUSY + SCHEDULER, FAILED, id="an error after one that passes"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_first_error_of_a_log_in_one_line(text: str, expected: str | None) -> None:
    assert first_error(text) == expected


def test_a_log_is_read_on_from_where_it_stood_and_record_by_record(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("ERROR:    of an earlier start\n", "utf-8")
    tail = LogTail(path)
    assert tail.error() is None
    with path.open("a", encoding="utf-8") as log:
        log.write("INFO:     x\nERROR:    half a li")
        log.flush()
        assert tail.error() is None, "half a line is no line yet"
        log.write("ne\n")
        log.flush()
        assert tail.error() is None, "what was raised may still be written"
    assert tail.error() == "half a line"
    assert tail.error() is None, "it is told once"


def test_a_traceback_that_is_being_written_is_not_told_by_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    tail = LogTail(path)
    path.write_text(BUSY.splitlines(keepends=True)[0], "utf-8")
    assert tail.error() is None
    path.write_text(BUSY, "utf-8")
    assert tail.error() is None
    assert tail.error() is None, "it passes by itself"
    path.write_text(BUSY + SCHEDULER, "utf-8")
    assert tail.error() == FAILED, "another record follows it"
    assert tail.error() == "another"


def test_of_a_process_that_ended_the_last_record_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    tail = LogTail(path)
    path.write_text("ERROR:    the end\n", "utf-8")
    assert tail.error(is_whole=True) == "the end"


def test_a_log_that_is_not_there_yet_has_no_error(tmp_path: Path) -> None:
    assert LogTail(tmp_path / "none.log").error() is None
