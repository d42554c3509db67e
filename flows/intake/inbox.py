"""What waits in the inbox, and what is left alone there?"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.entry.door import MisuseError
from schemas.text import visible
from warehouse import arrivals
from warehouse.arrivals import NotTakenError, Why
from warehouse.workspace import Workspace

REGISTER = "received.csv"

# Why an entry of a folder is not taken in, and what to do about it.
REASONS: Mapping[Why, tuple[str, str]] = {
    "link": ("là liên kết, không phải tệp: chép chính tệp vào", "is a link, no file: put the file itself there"),
    "folder": ("là thư mục: đưa từng tệp ra ngoài", "is a folder, not looked into: put its files beside it"),
    "pipe": ("là ống dẫn (fifo), không phải tệp: xóa đi", "is a pipe, no file: remove it"),
    "socket": ("là socket, không phải tệp: xóa đi", "is a socket, no file: remove it"),
    "device": ("là thiết bị, không phải tệp: xóa đi", "is a device, no file: remove it"),
    "name": (
        "tên không phải UTF-8 hoặc có ký tự điều khiển: đổi tên tệp",
        "its name is not UTF-8, or holds control characters: rename it",
    ),
    "mark": ("là tệp phụ của chương trình khác: không lấy", "belongs to another program: not taken"),
    "unfinished": ("là tệp tải hoặc ghi dở: chờ xong", "is a half-finished download or copy: wait until it is done"),
    "hidden": ("là tệp ẩn: đổi tên nếu cần lấy", "is hidden: rename it if it is to be taken in"),
    "changing": ("vừa thay đổi, có thể đang chép dở: chờ lần sau", "changed just now: it waits for the next time"),
    "closed": ("không có quyền đọc: sửa quyền của tệp", "may not be read: mend its permissions"),
}
# What lies in an inbox as a matter of course, and what comes right by itself: counted, and not said each time.
_QUIET: frozenset[Why] = frozenset({"mark", "hidden"})


@dataclass(frozen=True)
class LeftAlone:
    """One entry of the inbox that is not taken in, and why."""

    name: str
    why: Why

    @property
    def is_quiet(self) -> bool:
        """Whether it may lie there unsaid."""
        return self.why in _QUIET

    @property
    def sentence(self) -> str:
        """What a person reads."""
        return not_taken(self.name, self.why)


@dataclass(frozen=True)
class Inbox:
    """What lies in the inbox at one moment."""

    waiting: tuple[str, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()


def not_taken(name: str, why: Why) -> str:
    """Return the one sentence about an entry that is not taken in; its name is shown, never written raw."""
    reason, reason_en = REASONS[why]
    return f"{visible(name)}: {reason} / {reason_en}"


def look(workspace: Workspace, at: datetime) -> Inbox:
    """Return what lies in the inbox at a moment, in the order of the names.

    MisuseError where the inbox is missing, a link or closed.
    """
    inbox = workspace.inbox
    if inbox.is_symlink():
        raise MisuseError(
            f"{inbox} là liên kết: tạo thư mục thật, hoặc gắn (mount) ổ chung vào đó"
            " / is a link: make it a folder, or mount what is shared there"
        )
    if not inbox.is_dir():
        raise MisuseError(f"không có thư mục {inbox}: tạo lại / there is no inbox: make the folder again")
    found = arrivals.entries(inbox, at, workspace.settings.settle_seconds)
    found = [entry for entry in found if entry.name != REGISTER or entry.why not in (None, "changing")]
    return Inbox(
        tuple(entry.name for entry in found if entry.why is None),
        tuple(LeftAlone(entry.name, entry.why) for entry in found if entry.why is not None),
    )


def require_file(path: Path, instead: Path | None = None) -> None:
    """Raise MisuseError where a path that somebody names is no regular file that can be taken."""
    other = f", or use {instead}" if instead is not None else ""
    if not os.path.lexists(path):
        raise MisuseError(
            f"{visible(str(path))} không phải là tệp, hãy kiểm tra tên / is not a file: check the name{other}"
        )
    try:
        arrivals.open_regular(path).close()
    except NotTakenError as error:
        raise MisuseError(not_taken(str(path), error.why)) from error
    if not arrivals.is_nameable(path.name):
        raise MisuseError(not_taken(str(path), "name"))
