"""Which submissions wait in the inbox, and what does its register say of how and when each of them came?"""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from flows.entry.door import MisuseError
from flows.intake.reading import Stated
from schemas.plan import Plan
from warehouse.files import write_bytes
from warehouse.workspace import Workspace, inbox_names

REGISTER = "received.csv"
REGISTER_COLUMNS = ("file", "officially_received_on", "evidence", "sender", "exported_at")


def waiting(workspace: Workspace) -> list[str]:
    """Return the names of the submissions that lie in the inbox, in order."""
    return [name for name in inbox_names(workspace) if name != REGISTER]


def forget_taken(inbox: Path) -> None:
    """Take the files that do not lie in the inbox any more off its register: their names are the vault's from then on.

    When and how they came is in the record.
    """
    path = inbox / REGISTER
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *lines = csv.reader(file)
    kept = [line for line in lines if not line or (inbox / line[0]).exists()]
    if kept != lines:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([heading, *kept])
        write_bytes(path, text.getvalue().encode())


def read_register(inbox: Path, plan: Plan) -> Mapping[str, Stated]:
    """Read the inbox's register of when and how each file reached the department; MisuseError names a wrong line."""
    path = inbox / REGISTER
    if not path.exists():
        return {}
    stated: dict[str, Stated] = {}
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MisuseError(
            f"{path}: không phải UTF-8 / is not UTF-8 (byte {error.start}): lưu lại dạng / save it as CSV UTF-8"
        ) from error
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
        stated[row["file"]] = Stated(received, row["evidence"], sender, exported)
    return stated
