"""What waits in the inbox, what is left alone there, and what does its register say of how and when each file came?"""

import csv
import io
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.entry.door import MisuseError
from flows.intake.reading import Stated
from schemas.plan import Plan
from schemas.text import visible
from warehouse import arrivals
from warehouse.arrivals import NotTakenError, Why
from warehouse.files import write_bytes
from warehouse.workspace import Workspace

REGISTER = "received.csv"
REGISTER_COLUMNS = ("file", "officially_received_on", "evidence", "sender", "exported_at")


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


def _register_text(path: Path) -> str:
    try:
        with arrivals.open_regular(path) as file:
            return file.read().decode("utf-8-sig")
    except NotTakenError as error:
        raise MisuseError(f"{path.parent}/{not_taken(path.name, error.why)}") from error
    except UnicodeDecodeError as error:
        raise MisuseError(
            f"{path}: không phải UTF-8 / is not UTF-8 (byte {error.start}): lưu lại dạng / save it as CSV UTF-8"
        ) from error


def stated_of(register: Mapping[str, Stated], name: str) -> Stated | None:
    """Return what the register says of a file, whichever way the accents of its name are written."""
    return register.get(unicodedata.normalize("NFC", name))


def forget_taken(inbox: Path) -> None:
    """Take the files that do not lie in the inbox any more off its register: their names are the vault's from then on.

    When and how they came is in the record.
    """
    path = inbox / REGISTER
    if not os.path.lexists(path):
        return
    heading, *lines = csv.reader(_register_text(path).splitlines())
    there = {unicodedata.normalize("NFC", name.name) for name in inbox.iterdir()}
    kept = [line for line in lines if not line or unicodedata.normalize("NFC", line[0]) in there]
    if kept != lines:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([heading, *kept])
        write_bytes(path, text.getvalue().encode())


def read_register(inbox: Path, plan: Plan) -> Mapping[str, Stated]:
    """Read the inbox's register of when and how each file reached the department; MisuseError names a wrong line."""
    path = inbox / REGISTER
    if not os.path.lexists(path):
        return {}
    stated: dict[str, Stated] = {}
    text = _register_text(path)
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != REGISTER_COLUMNS:
        raise MisuseError(f"{path}, dòng / line 1: các cột phải là / the columns must be {','.join(REGISTER_COLUMNS)}")
    for row in reader:
        place = f"{path}, dòng / line {reader.line_num}"
        if None in row or None in row.values():
            raise MisuseError(f"{place}: thừa hoặc thiếu ô / has more or fewer fields than the heading")
        try:
            received = date.fromisoformat(row["officially_received_on"])
            exported = datetime.fromisoformat(row["exported_at"]) if row["exported_at"] else None
        except ValueError as error:
            raise MisuseError(f"{place}: ngày ghi dạng YYYY-MM-DD / days are written YYYY-MM-DD ({error})") from error
        sender = plan.unit_code(row["sender"]) if row["sender"] else None
        if row["sender"] and sender is None:
            raise MisuseError(
                f"{place}: {row['sender']} không có trong kế hoạch / is not a unit of the plan: plan/units.csv"
            )
        if not row["evidence"]:
            raise MisuseError(
                f"{place}: ghi rõ chứng cứ của ngày nhận, ví dụ số E-Office / say by what evidence the day is known"
            )
        stated[unicodedata.normalize("NFC", row["file"])] = Stated(received, row["evidence"], sender, exported)
    return stated
