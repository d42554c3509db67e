"""How does a reader find the way through the report, check it, and learn what its figures mean?"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from releases.workbook.listing import Column, Listing, add_listing
from releases.workbook.report import ReportContent, TargetStatus
from releases.workbook.sheets import QUIET_FILL, SUBTITLE, TITLE, Look, fit_height, lines, open_sheet, put
from releases.workbook.words import TARGET_STATUS_VI

COVER = "Bìa"
PLAN_CHANGED = "Kế hoạch thay đổi / Plan changed"
VERDICTS_TURNED = "Kết luận đổi vì kế hoạch / Verdicts turned by the plan"
MOST_PLAN_CHANGES = 12
CONTENTS = Listing(
    "Mục lục",
    "Mục lục",
    "Contents",
    (
        Column("STT", "No.", 6, "center"),
        Column("Trang tính", "Sheet", 30),
        Column("Nội dung", "Content", 58),
    ),
    "Không có trang tính nào. / No sheet.",
    is_landscape=False,
)
NOTES = Listing(
    "Ghi chú",
    "Ghi chú về số liệu",
    "Notes on the figures: every convention used",
    (
        Column("STT", "No.", 6, "center"),
        Column("Nội dung", "Vietnamese", 66),
        Column("Tiếng Anh", "English", 62),
    ),
    "Không có ghi chú. / No notes.",
)
ONE_ACCOUNT = (
    "Kế hoạch cho phép một tài khoản vừa đề nghị vừa duyệt. / The plan lets one account ask for a release and approve"
    " it."
)
_LINK = "FF0563C1"
_VERIFY_VI = (
    "1. Chạy “python verify.py” trong thư mục của bản công bố: mọi tệp, sổ cái và chữ ký được kiểm tra.\n"
    "2. So mã kiểm tra (head) ở trên với mã mà verify.py in ra và với mã ghi trong công văn gửi kèm."
)
_DRAFT = "Bản thảo, chưa ai đề nghị / draft, not asked for"
_REQUESTED = (
    "Đã đề nghị công bố; việc duyệt và công bố ghi trong sổ cái, verify.py in ra / asked for; that it was approved and"
    " published stands in the ledger, verify.py prints it"
)
_DRAFTED_AT = "Lập lúc / Drawn up at"
_NOBODY = "Chưa ai đề nghị / nobody yet"
_FIRST = "Bản đầu tiên của kỳ, không có bản trước / the first version of the period: there is none before"
_APPROVED_BY = "Ghi trong sổ cái, verify.py in ra / stands in the ledger, verify.py prints it"
_VERIFY_EN = (
    "Run “python verify.py” in the release's folder, then compare the ledger head above with the one that it prints "
    "and with the one in the covering letter."
)


@dataclass(frozen=True)
class Entry:
    """One line of the contents: a sheet and what it shows."""

    sheet: str
    title_vi: str
    title_en: str


def add_cover(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the cover: what this is, which version, who asked for it, and how to verify it.

    Nothing stands here that is decided later: whoever approves a release reads the very bytes that leave.
    """
    sheet = open_sheet(workbook, COVER, (34, 68), is_landscape=False, footer=footer)
    put(sheet, 2, 1, content.department_vi.upper(), Look(size=14, is_bold=True, align="center"), span=2)
    put(sheet, 3, 1, content.department_en, SUBTITLE, span=2)
    put(sheet, 8, 1, content.title_vi.upper(), Look(size=20, is_bold=True, align="center", color=TITLE.color), span=2)
    put(sheet, 9, 1, f"{content.period_name_vi} / {content.period_name_en}", Look(size=14, align="center"), span=2)
    fit_height(sheet, 8, content.title_vi, 52, 27)
    window = f"{content.first_day:%d/%m/%Y} – {content.last_day:%d/%m/%Y}"
    period = f"{content.period_name_vi} / {content.period_name_en}: {window}"
    rows = (
        ("Văn bản / Document", f"{content.title_vi} / {content.title_en}"),
        ("Kỳ số liệu / Period covered", period),
        ("Phiên bản / Version", f"v{content.version} ({content.edition})"),
        ("Trạng thái / State", _DRAFT if content.is_draft else _REQUESTED),
        (_DRAFTED_AT if content.is_draft else "Đề nghị lúc / Requested at", _moment(content)),
        ("Người đề nghị / Requested by", content.requested_by or _NOBODY),
        *([("Tài khoản / Accounts", ONE_ACCOUNT)] if content.one_account_may_approve else []),
        ("Người phê duyệt / Approved by", _APPROVED_BY),
        ("Kế hoạch / Plan", "\n".join(content.plan_lines)),
        ("Khác bản trước / Differs from the version before", "\n".join(content.difference_lines) or _FIRST),
        ("Lý do điều chỉnh / Why restated", content.reason or "–"),
        ("Số dòng sổ cái khi đề nghị / Ledger size at the request", f"{content.ledger_size}"),
        ("Mã kiểm tra sổ cái khi đề nghị / Ledger head at the request", content.ledger_head),
        ("Cách kiểm tra / How to verify", f"{_VERIFY_VI}\n{_VERIFY_EN}"),
        *_plan_rows(content),
    )
    for row, (label, text) in enumerate(rows, start=13):
        put(sheet, row, 1, label, Look(is_bold=True, has_box=True, fill=QUIET_FILL))
        is_hash = text == content.ledger_head
        look = Look(has_box=True, font="Courier New" if is_hash else TITLE.font, size=10 if is_hash else 12)
        put(sheet, row, 2, text, look)
        # The label may be the longer of the two.
        longer, width = max(((text, 60), (label, 30)), key=lambda cell: lines(*cell))
        fit_height(sheet, row, longer, width, 17)


def _plan_rows(content: ReportContent) -> list[tuple[str, str]]:
    """Return what the cover says of the plan's changes: who, when, from what to what, and which verdicts they turned.

    A cover whose plan has not changed says nothing of it.
    """
    rows = []
    for one in content.plan_changes:
        shown = [*one.changes[:MOST_PLAN_CHANGES]]
        if left := len(one.changes) - len(shown):
            shown.append(f"và {left} chỗ khác, xem / and {left} more, see changes.csv")
        said = (
            f"{one.number}: {one.proposed_by} đề nghị / proposed, {one.accepted_by} chấp nhận / accepted,"
            f" ngày / on {one.accepted_on:%d/%m/%Y}"
        )
        rows.append((PLAN_CHANGED, "\n".join([said, *shown, f"Lý do / Reason: {one.reason}"])))
    if content.plan_changes:
        turned = [
            f"{one.text_vi} ({one.target_id}): {_verdict(one.before)} → {_verdict(one.after)}"
            for one in content.turned_by_plan
        ]
        rows.append((VERDICTS_TURNED, "\n".join(turned) or "Không có / None"))
    return rows


def _verdict(status: TargetStatus | None) -> str:
    return TARGET_STATUS_VI[status] if status is not None else "–"


def _moment(content: ReportContent) -> str:
    at = content.requested_at
    offset = at.strftime("%z")
    zone = f" (UTC{offset[:3]}:{offset[3:5]})" if offset else ""
    return f"{at:%d/%m/%Y %H:%M}{zone}"


def add_contents(workbook: Workbook, content: ReportContent, footer: str, entries: Sequence[Entry]) -> None:
    """Add the list of sheets, each with a link to it."""
    rows = [(number, one.sheet, f"{one.title_vi}\n{one.title_en}") for number, one in enumerate(entries, start=1)]
    done = add_listing(workbook, CONTENTS, content, rows, footer)
    for row, entry in enumerate(entries, start=done.first_row):
        put(done.sheet, row, 2, entry.sheet, Look(size=11, has_box=True, color=_LINK))
        cell = done.sheet.cell(row, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{entry.sheet}'!A1", display=entry.sheet)


def add_notes(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the conventions behind the figures."""
    rows = [(number, vi, en) for number, (vi, en) in enumerate(content.notes, start=1)]
    add_listing(workbook, NOTES, content, rows, footer)
