"""Which conventions stand behind the figures? Printed in every release, in both languages."""

from decimal import Decimal

from flows.measures.wording import percent
from schemas.plan import Plan
from schemas.plan_models import Conventions
from sql.indicators import load_indicators

_ONE_ACCOUNT = (
    "Kế hoạch cho phép một tài khoản của hệ thống vừa đề nghị vừa duyệt bản công bố này; hai người ký bằng hai khóa.",
    "The plan lets one account of the system ask for this release and approve it; two people sign with two keys.",
)
_SHARES = ("_share", "_low", "_high")


def notes(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the notes of a release as pairs of Vietnamese and English text."""
    decision = (
        (f"Kế hoạch: {plan.document.title_vi}.", f"Plan: {plan.document.title_en}.")
        if plan.document.decision.number
        else (
            f"Kế hoạch: {plan.document.title_vi}; số và ngày quyết định để trống trong văn bản: chưa xác định.",
            f"Plan: {plan.document.title_en}; number and day of the decision are blank in it: not determined.",
        )
    )
    return (
        decision,
        (
            f"Mọi ngày là ngày địa phương ({plan.document.timezone}); cả ngày đầu và ngày cuối đều thuộc kỳ.",
            f"Days are local ({plan.document.timezone}); the first and the last day both belong to the period.",
        ),
        (
            "0/0 là “không phát sinh”, không phải 0 % hay 100 %; tỷ lệ được so sánh khi chưa làm tròn, chỉ làm tròn khi"
            " hiển thị.",
            "0/0 is “no cases”, neither 0 % nor 100 %; shares are compared unrounded and rounded once, for display.",
        ),
        (
            "Báo cáo đúng hạn khi ngày nhận chính thức không sau ngày cuối; báo cáo trống hoặc bị loại không tính là đã"
            " gửi.",
            "A report is in time when it officially arrived on or before its last day; a blank or rejected one counts"
            " as not received.",
        ),
        *([_ONE_ACCOUNT] if plan.document.one_account_may_approve else []),
        *_conventions(plan.conventions),
        *((f"{broken.text_vi} ({broken.basis}).", f"{broken.text_en}.") for broken in plan.series_breaks),
        *(
            (
                " ".join(
                    part
                    for part in (f"{i.name_vi}: {i.definition_vi}.", i.exclusions_vi, f"Căn cứ: {i.basis}.")
                    if part
                ),
                f"{i.name_en}: {i.definition}. {i.exclusions}",
            )
            for i in load_indicators().values()
        ),
    )


def _conventions(conventions: Conventions) -> tuple[tuple[str, str], ...]:
    """Return what the plan's conventions say of themselves, and where each comes from."""
    said = [(note.text_vi + f" ({note.basis})", note.text_en) for note in conventions.note]
    for name, convention in conventions.settings().items():
        is_share = isinstance(convention.value, Decimal) and name.endswith(_SHARES)
        shown = percent(Decimal(convention.value)) if is_share else f"{convention.value}"
        said.append((
            convention.text_vi.replace("{value}", shown) + f" ({convention.basis})",
            convention.text_en.replace("{value}", shown),
        ))  # fmt: skip
    return tuple(said)
