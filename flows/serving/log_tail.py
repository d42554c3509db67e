"""Did a process write an error into its log since we last looked?"""

import re
from pathlib import Path

# As Prefect's records begin ("10:00:00.123 | ERROR   | prefect...") and as uvicorn's do ("ERROR:    ...").
_ERROR = re.compile(r"(?:^|\| )(?:ERROR|CRITICAL)\b[\s:|]*(.*)|^Traceback \(most recent call last\)")
_RAISED = re.compile(r"^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning): .+")
_LONGEST = 300


class LogTail:
    """The end of a log, from where it stood when this was made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = path.stat().st_size if path.exists() else 0

    def error(self) -> str | None:
        """Return the first error written since the last look, in one line: what was raised, where that is said."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._read)
                content = file.read()
        except FileNotFoundError:
            return None
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        return first_error(whole.decode("utf-8", "replace"))


def first_error(text: str) -> str | None:
    """Return the first error of a log's text; the exception at the end of its traceback says more than its heading."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if _ERROR.search(line)), None)
    if at is None:
        return None
    heading = _ERROR.search(lines[at])
    raised = next((line for line in lines[at + 1 :] if _RAISED.match(line)), None)
    said = raised or (heading[1] if heading is not None else "") or lines[at]
    return " ".join(said.split())[:_LONGEST]
