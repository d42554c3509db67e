"""What do people call the states, grades and outcomes that the data name by a code?"""

from audit.events import TakenAwayBy
from audit.steps import STATE_VI
from releases.workbook.report import (
    FigureStatus,
    Grade,
    Label,
    Outcome,
    ReportState,
    Severity,
    TargetStatus,
    TaskState,
    Trend,
)

NO_CASES = "Không phát sinh"
NO_DATA = "Chưa có số liệu"
NOTHING = "–"
TOTAL = "TỔNG CỘNG"

TARGET_STATUS_VI: dict[TargetStatus, str] = {
    "met": "Đạt",
    "missed": "Không đạt",
    "no_cases": NO_CASES,
    "no_data": NO_DATA,
    "not_determined": "Chưa xác định",
}
FIGURE_STATUS_VI: dict[FigureStatus, str] = {
    "final": NOTHING,
    "no_cases": NO_CASES,
    "no_data": NO_DATA,
    "composite": "Xét theo từng phần",
}
TREND_VI: dict[Trend | None, str] = {"rising": "Tăng", "falling": "Giảm", "unchanged": "Không đổi", None: NOTHING}
REPORT_STATE_VI: dict[ReportState, str] = {
    "not_due": "Chưa đến hạn",
    "on_time": "Đúng hạn",
    "late": "Trễ hạn",
    "missing": "Chưa gửi",
    "rejected": "Không được chấp nhận",
    "provisional": "Số liệu tạm tính",
    "not_determined": "Chưa xác định",
}
TASK_STATE_VI: dict[TaskState, str] = {
    "done_on_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành trễ hạn",
    "overdue": "Quá hạn",
    "not_due": "Chưa đến hạn",
    "done": "Đã thực hiện",
    "open": "Chưa báo cáo kết quả",
}
GRADE_VI: dict[Grade, str] = {"major": "Nặng", "minor": "Nhẹ", "observation": "Lưu ý"}
SEVERITY_VI: dict[Severity, str] = {"fatal": "Nghiêm trọng", "warning": "Cảnh báo", "info": "Thông tin"}
OUTCOME_VI: dict[Outcome, str] = {
    "pass": "Đạt",
    "fail": "Không đạt",
    "waived": "Chấp nhận ngoại lệ",
    "not_evaluated": "Chưa đánh giá",
}
LABEL_VI: dict[Label, str] = {
    "final": "Chính thức",
    "provisional": "Tạm tính",
    "estimated": "Ước tính",
    "missing": NO_DATA,
}
NONCONFORMITY_STATE_VI = STATE_VI
TAKEN_AWAY_VI: dict[TakenAwayBy, str] = {
    "received": "đã nhận",
    "withdrawn": "đã rút",
    "corrected": "đã đính chính",
    "plan": "kế hoạch đã đổi",
    "rules": "quy tắc đã đổi",
    "measured": "tổng hợp lại không còn thấy",
}
GROUP_VI = {
    "timeliness": "Thời hạn giải quyết",
    "online": "Dịch vụ công trực tuyến",
    "quality": "Chất lượng phục vụ",
    "people": "Cán bộ, công chức",
    "tasks": "Nhiệm vụ",
    "reporting": "Chế độ báo cáo",
}
DIMENSION_VI = {
    "field": "Lĩnh vực",
    "procedure_code": "Thủ tục hành chính",
    "channel": "Hình thức nộp",
    "age_class": "Số ngày làm việc đã chờ",
    "area": "Nhóm nhiệm vụ",
    "report_type": "Loại báo cáo",
}
CHANNEL_VI = {"online": "Trực tuyến", "in_person": "Trực tiếp", "postal": "Dịch vụ bưu chính"}
