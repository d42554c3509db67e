"""What must a reader of the open part be told: what is not shown, why, and how to check the files?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from releases.datasets import Dataset
from releases.disclosure.open_cells import FORM, Breakdown
from schemas.disclosure import Disclosure
from sql.indicators import Indicator

BREAKDOWN_WORDS = {
    "": "toàn Sở / of the department",
    "unit": "theo phòng, đơn vị / by office or unit",
    "field": "theo lĩnh vực / by field",
    "procedure_code": "theo thủ tục / by procedure",
    "channel": "theo hình thức nộp / by channel",
    "age_class": "theo số ngày đã chờ / by age",
    "area": "theo nhóm nhiệm vụ / by area of tasks",
    "report_type": "theo loại báo cáo / by type of report",
}
_FORM = "Biểu II.06 / Form II.06"


@dataclass(frozen=True)
class Account:
    """How many numbers about persons an open part shows and hides, and what it leaves out as a whole."""

    shown_count: int
    primary_count: int
    secondary_count: int
    sparse: Collection[Breakdown]
    unprotectable: Collection[Breakdown]


def readme_bytes(
    heading: tuple[str, str],
    account: Account,
    datasets: Sequence[Dataset],
    rule: Disclosure,
    indicators: Mapping[str, Indicator],
) -> bytes:
    """Return README.txt, in Vietnamese and English."""
    hidden = account.primary_count + account.secondary_count
    lines = [
        *heading,
        "",
        "Phần công khai: chỉ số liệu tổng hợp. / The open part: aggregates only.",
        f"Số liệu về người, hồ sơ: nêu {account.shown_count}, không nêu {hidden}"
        f" / Numbers about persons: {account.shown_count} shown, {hidden} not shown.",
        f"Trong đó {account.primary_count} vì quá nhỏ, {account.secondary_count} vì nếu nêu sẽ tính ra được số quá nhỏ"
        f" / Of these {account.primary_count} are too small, {account.secondary_count} would give one away.",
        "",
        "Ký hiệu: ô trống, và cột `suppressed` ghi tên cột không nêu; không phân biệt lý do. Trạng thái `suppressed`."
        " / Symbol: an empty cell, with the column named in `suppressed`, whichever the reason; status `suppressed`.",
        "",
        "Quy tắc / Rule:",
        *(f"- {vi}\n  {en}" for vi, en in rule.texts()),
        "",
        "Cả phân tổ không công bố / Breakdowns left out as a whole:",
        *_left_out("phần lớn phải để trống / most of it would be empty", account.sparse, indicators),
        *_left_out("không bảo vệ được / cannot be protected", account.unprotectable, indicators),
        "",
        "Bảng / Tables:",
        *(f"- data/{d.name}.csv, .parquet: {d.title_vi} / {d.title_en}" for d in datasets),
        "",
        "Kiểm tra tệp, trong thư mục này / Check the files, in this folder:",
        "  sha256sum -c manifest.sha256",
        "  openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -in manifest.sha256 -sigfile manifest.sig",
    ]
    return ("\n".join(lines) + "\n").encode()


def _left_out(why: str, breakdowns: Collection[Breakdown], indicators: Mapping[str, Indicator]) -> list[str]:
    lines = []
    for name, dimension in sorted(breakdowns):
        words = _FORM if name == FORM else f"{indicators[name].name_vi} / {indicators[name].name_en}"
        lines.append(f"- {words}, {BREAKDOWN_WORDS[dimension]}: {why}")
    return lines
