"""Which conventions stand behind the figures? Printed in every release, in both languages."""

from flows.wording import percent
from schemas.plan import Plan
from sql.indicators import load_indicators


def notes(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the notes of a release as pairs of Vietnamese and English text."""
    conventions = plan.document.conventions
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
            "Trước hạn, đúng hạn, quá hạn so theo ngày với ngày hẹn trả ban đầu; gia hạn kèm thư xin lỗi không xóa quá"
            " hạn, hồ sơ bổ sung được tính lại thời hạn từ đầu.",
            "Early, on time and overdue compare days with the original due date; an extension with an apology letter"
            " does not undo lateness, a supplement restarts the limit.",
        ),
        (
            "Hồ sơ rút, dừng xử lý tính ở cột 9; hồ sơ chờ bổ sung tính ở cột 12; số liệu riêng có trong bộ dữ liệu.",
            "Withdrawn and stopped dossiers count in column 9, those waiting for a supplement in column 12; both are"
            " shown apart in the datasets.",
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
        (
            f"Chỉ công bố khi tỷ lệ báo cáo nhận được từ {percent(conventions.minimum_reporting_share)} và tỷ lệ dòng"
            f" hồ sơ được chấp nhận từ {percent(conventions.minimum_accepted_share)} trở lên.",
            f"Published only where at least {percent(conventions.minimum_reporting_share)} of the reports were received"
            f" and at least {percent(conventions.minimum_accepted_share)} of the dossier rows accepted.",
        ),
        *(
            (f"{i.name_vi}. Căn cứ: {i.basis}.", f"{i.name_en}: {i.definition}. {i.exclusions}")
            for i in load_indicators().values()
        ),
    )
