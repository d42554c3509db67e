"""What profile would read a log that nobody has described yet? A draft for a person to confirm; none is recorded."""

import re
import unicodedata
from pathlib import Path

from flows.entry.door import MisuseError
from schemas.headings import load_headings
from schemas.plan import Plan
from sources.drafts.draft import Draft
from sources.drafts.profile import draft_profile
from sources.drafts.toml import as_toml
from sources.files.source import UnreadableError
from sources.logs.reader import LOG_SUFFIXES
from warehouse.files import write_bytes

_UNNAMED = "ban-nhap"


def _identifier(out: Path | None) -> str:
    """Return the profile's id: the name of the file that it is written to, in plain letters."""
    if out is None:
        return _UNNAMED
    plain = unicodedata.normalize("NFD", out.stem.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or _UNNAMED


def profile(plan: Plan, path: Path, out: Path | None) -> Draft:
    """Draft the profile of a log, and write it where asked; MisuseError where the file is no log that can be read.

    A file that is there is never written over: it may hold answers.
    """
    if not path.is_file():
        raise MisuseError(f"{path} không phải là tệp, hãy kiểm tra tên / is not a file: check the name")
    if path.suffix.lower() not in LOG_SUFFIXES:
        raise MisuseError(f"{path}: chỉ đọc được / only these are read: {', '.join(LOG_SUFFIXES)}")
    if out is not None and out.exists():
        raise MisuseError(f"{out} đã có, chọn tên khác cho --out / is there already: choose another name")
    try:
        draft = draft_profile(path, path.suffix.lower(), plan, load_headings(), _identifier(out))
    except UnreadableError as error:
        raise MisuseError(f"{path}: {error}") from error
    if out is not None:
        write_bytes(out, as_toml(draft).encode())
    return draft
