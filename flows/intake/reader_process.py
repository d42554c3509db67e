"""How does the process behave in which strangers' files are opened? Run as `python -m flows.intake.reader_process FD`.

It holds no key of the record and no lock, and writes only into the folder that a request names. It ends when its
parent does. What it is asked, it answers once; whatever else may happen to it is its parent's to explain.
"""

import gc
import os
import resource
import select
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from flows.intake.reader import Answer, Broken, Done, Errand, Request, held_much
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.rule_book import BookOrder, RuleBook, open_book
from schemas.limits import Limits
from warehouse.store import Store
from warehouse.workspace import Workspace

Validate = Callable[[SourceFile, RuleBook, Stated, Store], Reading]
_MEBIBYTE = 1 << 20
# A log makes millions of small objects, few of them in cycles: to look for those after every 700 takes a sixth of the
# time.
_OBJECTS_BEFORE_CYCLES_ARE_SOUGHT = 100_000
_OUR_CODE = Path(__file__).parents[2]


def _end_with_parent(connection: Connection) -> None:
    """End this process as soon as nobody holds the other end, whatever it is doing."""
    poll = select.poll()
    poll.register(connection.fileno(), 0)

    def watch() -> None:
        poll.poll()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _set_limits(limits: Limits) -> None:
    """Limit memory and processor time from here on; what the processor did before does not count."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_mebibytes * _MEBIBYTE, most))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _peak_kibibytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _place(error: Exception) -> str:
    """Return where in our code an error arose, without its message: that may hold a cell's value."""
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent.parent == _OUR_CODE
    ]
    where = f", {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"


def _answer(request: Request | Errand, book: RuleBook, validate: Validate) -> Answer:
    try:
        if isinstance(request, Errand):
            return Done(request.work(book))
        return validate(request.file, book, request.stated, Store(Workspace(request.folder)))
    except OSError as error:
        # Readers turn what a file does to them into refusals: this is a disk or a permission, no fault of the file.
        return error
    except MemoryError:
        return Broken("memory")
    except Exception as error:  # noqa: BLE001 -- one strange file must not stop the files after it; the record says where
        return Broken("failed", _place(error))


def serve(connection: Connection, validate: Validate) -> None:
    """Answer requests until the parent goes away, or until too much memory is held to begin another file."""
    _end_with_parent(connection)
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_CYCLES_ARE_SOUGHT)
    order: BookOrder | None = None
    book: RuleBook | None = None
    peak_at_start = _peak_kibibytes()
    connection.send(peak_at_start)
    while True:
        try:
            request: Request | Errand = connection.recv()
        except (EOFError, ConnectionResetError):
            return
        if book is None or request.order != order:
            order, book = request.order, open_book(request.order)
        _set_limits(book.limits)
        answer = _answer(request, book, validate)
        is_out_of_memory = isinstance(answer, Broken) and answer.why == "memory"
        is_spent = is_out_of_memory or held_much(_peak_kibibytes(), peak_at_start, book.limits)
        connection.send((answer, is_spent))
        if is_spent:
            return


def connected() -> Connection:
    """Return the connection to the parent whose descriptor is the first argument."""
    return Connection(int(sys.argv[1]))


if __name__ == "__main__":
    from flows.intake.trial import validate_and_try

    serve(connected(), validate_and_try)
