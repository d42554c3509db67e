"""Did a process write an error into its log since we last looked?"""

import re
from pathlib import Path

# As Prefect's records begin ("10:00:00.123 | ERROR   | prefect...") and as uvicorn's do ("ERROR:    ...").
_ERROR = re.compile(r"(?:^|\| )(?:ERROR|CRITICAL)\b[\s:|]*(.*)|^Traceback \(most recent call last\)")
_RAISED = re.compile(r"^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning): .+")
# A record of any level begins: what stood before it is whole.
_RECORD = re.compile(r"\d\d:\d\d:\d\d\.\d+ \||(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):")
# SQLite has one writer: Prefect tells its clients to ask again, and they do.
_PASSES = re.compile(r"database is locked")
_LONGEST = 300


class LogTail:
    """The end of a log, from where it stood when this was made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = path.stat().st_size if path.exists() else 0
        self._pending = ""

    def error(self, *, is_whole: bool = False) -> str | None:
        """Return the first error written since the last look; a record that may still grow waits for the next one.

        `is_whole` says that nobody writes any more.
        """
        new = self._new_lines()
        self._pending += new
        lines = self._pending.splitlines(keepends=True)
        begun = max((number for number, line in enumerate(lines) if _RECORD.match(line)), default=0)
        kept = begun if new and not is_whole else len(lines)
        self._pending = "".join(lines[kept:])
        return first_error("".join(lines[:kept]))

    def _new_lines(self) -> str:
        try:
            with self.path.open("rb") as file:
                file.seek(self._read)
                content = file.read()
        except FileNotFoundError:
            return ""
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode("utf-8", "replace")


def first_error(text: str) -> str | None:
    """Return the first error of a log's text that does not pass by itself, in one line.

    The exception at the end of its traceback says more than its heading.
    """
    block: list[str] = []
    for line in [*text.splitlines(), "INFO: the end"]:
        if block and _RECORD.match(line):
            said = _said(block)
            if not _PASSES.search(said):
                return said
            block = []
        if block or _ERROR.search(line):
            block.append(line)
    return None


def _said(block: list[str]) -> str:
    heading = _ERROR.search(block[0])
    raised = next((line for line in reversed(block) if _RAISED.match(line)), None)
    said = raised or (heading[1] if heading is not None else "") or block[0]
    return " ".join(said.split())[:_LONGEST]
