"""A reader process that does to itself what the worst parser could do, as the first word of a file says.

`python -m tests.support.hostile_reader FD`; a file that begins with none of the words is read as ever.
"""

import os
import signal

from flows.intake.reader_process import connected, serve
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.rule_book import RuleBook
from flows.intake.validate import validate
from warehouse.store import Store

STEP = 1 << 22
HELD = 700 << 20


def hostile_validate(file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    word = file.path.read_bytes()[:16].split(b"\n")[0]
    match word:
        case b"segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"exit":
            os._exit(3)
        case b"loop":
            while True:
                pass
        case b"hog":
            hoard = []
            while True:
                hoard.append(bytearray(STEP))
        case b"burst":
            # As a library does that writes to memory it did not get.
            hoard = [bytearray(STEP) for _ in range(HELD // STEP)]
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"bug":
            raise KeyError("Người Thử Nghiệm 017")
        case b"half":
            (store.workspace.root / "store").mkdir(parents=True)
            (store.workspace.root / "store" / "half.parquet").write_bytes(b"PAR1")
            os.kill(os.getpid(), signal.SIGKILL)
        case b"full":
            raise OSError(28, "No space left on device")
    return validate(file, book, stated, store)


if __name__ == "__main__":
    serve(connected(), hostile_validate)
