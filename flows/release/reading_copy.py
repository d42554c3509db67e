"""What does an approver read before approving, and is it still what was asked for?

A request lays every file that would leave the house into `drafts/<period>-v<N>/`, which only its owner may open, and
beside it `DOC-TRUOC.md`: what differs from the version before, first. The request names the hashes of both; nothing is
approved that was changed there since. It is no record: asking again lays it out anew, and a publication takes it away,
since the release then holds the same bytes.
"""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import releases
from audit.events import Entry
from audit.ledger import Ledger
from flows.entry.door import MisuseError
from flows.release.content import OFFICIAL, Content
from flows.release.open_editions import OPEN
from flows.release.report_content import Issue
from flows.release.restatement import CAUSES, CHANGES_NAME
from releases.manifest import sha256_hex
from releases.verify import CONTENT
from schemas.plan_models import Period
from warehouse.files import replace_folder
from warehouse.versions import version_folder
from warehouse.workspace import Workspace

FIRST = "DOC-TRUOC.md"
_TARGETS, _WAIVERS = "data/targets.csv", "data/waivers.csv"
_SHOWN = 40
_CAUSE_NAMES = dict(
    zip(CAUSES, ("mã chương trình / code", "báo cáo muộn / late reports", "nguồn được sửa / corrected source",
                 "dữ liệu tham chiếu / reference data", "quy tắc hoặc cách tính / rules or method"), strict=False)
)  # fmt: skip


def reading_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where what would leave the house lies for the approver."""
    return workspace.drafts / f"{period_id}-v{version}"


def read_first(workspace: Workspace, ledger: Ledger, period: Period, issue: Issue, made: Content) -> bytes:
    """Return the page that says what differs from the version before; `ledger` is that of before the request."""
    before = releases.published(ledger.entries, period.id)[-1:]
    lines = [
        f"# {period.id} v{issue.version}: đọc trước khi duyệt / read before approving",
        "",
        f"{period.name_vi} / {period.name_en}",
        "",
        f"- Đề nghị / requested by: {issue.requested_by}, {issue.at.isoformat()}",
        f"- Lý do / reason: {issue.reason or '–'}",
        f"- Nội dung / content: `{made.sha256}`",
        f"- Ngoại lệ đang hiệu lực / exceptions in force: {len(list(_rows(made.official[_WAIVERS])))}",
        "",
    ]
    if not before:
        lines += ["Bản đầu tiên, không có gì để so sánh / the first version: there is nothing to compare it with.", ""]
    else:
        old = (version_folder(workspace, period.id, before[0].version) / OFFICIAL / _TARGETS).read_bytes()
        lines += [*_verdicts(before[0].number, old, made.official[_TARGETS]), ""]
        lines += [*_figures(before[0].number, made.official.get(CHANGES_NAME, b"")), ""]
    return ("\n".join(lines)).encode()


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig")))


def _verdicts(number: str, old: bytes, new: bytes) -> Iterator[str]:
    was = {row["target_id"]: row["status"] for row in _rows(old)}
    now = {row["target_id"]: row["status"] for row in _rows(new)}
    turned = [one for one in sorted(was.keys() | now.keys()) if was.get(one) != now.get(one)]
    yield f"## Kết luận khác {number} / verdicts that differ from {number}: {len(turned)}"
    yield ""
    yield from (f"- {one}: {was.get(one, '–')} → {now.get(one, '–')}" for one in turned)


def _figures(number: str, content: bytes) -> Iterator[str]:
    rows = list(_rows(content))
    yield f"## Số liệu khác {number} / quantities that differ from {number}: {len(rows)}"
    yield ""
    for row in rows[:_SHOWN]:
        place = " ".join(row[name] for name in ("figure", "unit_code", "dimension_value", "quantity") if row[name])
        parts = {name: row[f"part_{n}_{name}"] for n, name in enumerate(CAUSES, start=1)}
        why = "; ".join(f"{_CAUSE_NAMES.get(name, name)} {part}" for name, part in parts.items() if _is_some(part))
        yield f"- {place}: {row['before'] or '–'} → {row['after'] or '–'} ({why})"
    if len(rows) > _SHOWN:
        yield f"- … {len(rows) - _SHOWN} dòng nữa / more: {OFFICIAL}/{CHANGES_NAME}"


def _is_some(part: str) -> bool:
    return any(digit in "123456789" for digit in part)


def lay_out_for_reading(workspace: Workspace, period: Period, version: int, made: Content, first: bytes) -> Path:
    """Write what would leave the house into its folder, in the place of an earlier request's."""
    files: Mapping[str, bytes] = {
        FIRST: first,
        CONTENT: made.listing,
        **{f"{OFFICIAL}/{path}": content for path, content in made.official.items()},
        **{f"{OPEN}/{path}": content for path, content in made.opened.items()},
    }
    folder = reading_folder(workspace, period.id, version)
    replace_folder(folder, files)
    return folder


def changed_since(workspace: Workspace, asked: releases.Version) -> str | None:
    """Return the first file of the reading copy that is not what was asked for, missing ones and others too."""
    folder = reading_folder(workspace, asked.period, asked.version)
    for name, sha256 in ((CONTENT, asked.content_sha256), (FIRST, asked.read_first_sha256)):
        if _sha256(folder / name) != sha256:
            return name
    named = (line.split("  ", 1) for line in (folder / CONTENT).read_text("utf-8").splitlines())
    listed = {path: sha256 for sha256, path in named}
    for path, sha256 in sorted(listed.items()):
        if _sha256(folder / path) != sha256:
            return path
    there = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    found = {path.relative_to(folder).as_posix() for path in there}
    return next(iter(sorted(found - set(listed) - {FIRST, CONTENT})), None)


def _sha256(path: Path) -> str | None:
    if path.is_symlink() or not path.is_file():
        return None
    return sha256_hex(path.read_bytes())


@dataclass(frozen=True)
class Waits:
    """What waits for approval: where it lies, the page to be read first, and the first file that was changed since."""

    folder: Path
    first: str
    changed: str | None


def what_waits(workspace: Workspace, entries: Sequence[Entry], period_id: str) -> Waits:
    """Return what was asked for and is not published; MisuseError where nothing is, or its copy is not there."""
    asked = releases.asked_for(entries, period_id)
    again = f"motcua release request {period_id}"
    if asked is None:
        raise MisuseError(f"{period_id}: không có đề nghị nào / nothing was asked for: {again}")
    folder = reading_folder(workspace, period_id, asked.version)
    try:
        first = (folder / FIRST).read_text("utf-8", errors="replace")
    except OSError as error:
        raise MisuseError(f"{folder / FIRST}: không đọc được / cannot be read; lay it out anew: {again}") from error
    return Waits(folder, first, changed_since(workspace, asked) if asked.read_first_sha256 is not None else None)


def take_away(workspace: Workspace, period_id: str, version: int) -> None:
    """Remove the reading copy of a version that was published: the release holds the same bytes."""
    shutil.rmtree(reading_folder(workspace, period_id, version), ignore_errors=True)
