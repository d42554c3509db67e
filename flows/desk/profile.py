"""What profile would read a log that nobody has described yet? A draft for a person to confirm; none is recorded."""

import re
import unicodedata
from datetime import date
from functools import partial
from pathlib import Path

from flows.entry.door import MisuseError
from flows.entry.output import require_new_file
from flows.intake.inbox import require_file
from flows.intake.isolation import apart
from flows.intake.reader import Unread
from flows.intake.rule_book import BookOrder, RuleBook
from schemas.headings import load_headings
from schemas.limits import Limits
from schemas.plan import Plan
from sources.drafts.draft import Draft
from sources.drafts.profile import draft_profile
from sources.drafts.toml import as_toml
from sources.files.archive import check_archive
from sources.files.source import UnreadableError
from sources.logs.reader import LOG_SUFFIXES
from warehouse.files import write_bytes

_UNNAMED = "ban-nhap"
DEFAULT_LIMITS = Limits()


def _identifier(out: Path | None) -> str:
    """Return the profile's id: the name of the file that it is written to, in plain letters."""
    if out is None:
        return _UNNAMED
    plain = unicodedata.normalize("NFD", out.stem.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or _UNNAMED


def _drafted(book: RuleBook, path: Path, identifier: str) -> Draft | Unread:
    suffix = path.suffix.lower()
    try:
        check_archive(path, book.limits)
        return draft_profile(path, suffix, book.plan, load_headings(), identifier)
    except UnreadableError as error:
        return Unread(str(error))


def profile(plan: Plan, path: Path, out: Path | None, limits: Limits = DEFAULT_LIMITS) -> Draft:
    """Draft the profile of a log, and write it where asked; MisuseError where the file is no log that can be read.

    A file that is there is never written over: it may hold answers. The log is read in a process of its own.
    """
    require_file(path)
    if path.suffix.lower() not in LOG_SUFFIXES:
        raise MisuseError(f"{path}: chỉ đọc được / only these are read: {', '.join(LOG_SUFFIXES)}")
    if out is not None:
        require_new_file(out)
    order = BookOrder(plan.folder, plan.sha256, date.min, b"", limits)
    draft = apart(order, partial(_drafted, path=path.resolve(), identifier=_identifier(out)))
    if isinstance(draft, Unread):
        raise MisuseError(f"{path}: {draft.why}")
    if out is not None:
        write_bytes(out, as_toml(draft).encode())
    return draft
