"""Which columns has a dossier row, and what may their labels mean? Nothing here needs a library."""

MOMENT_COLUMNS = (
    "received_at",
    "original_due_at",
    "due_at",
    "finished_at",
    "picked_up_at",
    "supplement_requested_at",
    "supplement_completed_at",
    "apology_at",
    "reappointed_at",
)
LABEL_COLUMNS = ("channel", "status", "circulation", "result_form")
TEXT_COLUMNS = ("dossier_code", "procedure_code", "handling_office")
COLUMNS = (*TEXT_COLUMNS, *LABEL_COLUMNS, *MOMENT_COLUMNS)
# What people call them; a sender reads the heading of its own log instead.
COLUMN_VI = {
    "dossier_code": "Mã hồ sơ",
    "procedure_code": "Mã thủ tục",
    "handling_office": "Phòng xử lý",
    "channel": "Hình thức nộp",
    "status": "Trạng thái",
    "circulation": "Luân chuyển",
    "result_form": "Hình thức kết quả",
    "received_at": "Ngày tiếp nhận",
    "original_due_at": "Ngày hẹn trả ban đầu",
    "due_at": "Ngày hẹn trả",
    "finished_at": "Ngày kết thúc xử lý",
    "picked_up_at": "Ngày nhận kết quả",
    "supplement_requested_at": "Ngày yêu cầu bổ sung",
    "supplement_completed_at": "Ngày bổ sung xong",
    "apology_at": "Ngày gửi thư xin lỗi",
    "reappointed_at": "Ngày hẹn lại",
    "applicant_key": "Người nộp",
}

CHANNELS = ("online", "in_person", "postal")
# How a dossier went round between the department and other agencies, and whether its result was digitised.
CIRCULATIONS = ("electronic", "paper", "none")
RESULT_FORMS = ("digitised", "paper")
# Canonical status of a dossier, TT 22/2019 lineage; labels are mapped to it by the profile.
STATUSES = (
    "newly_filed",
    "received",
    "not_accepted",
    "in_process",
    "supplement_asked",
    "payment_asked",
    "withdrawn",
    "stopped",
    "finished",
    "returned",
)
# What the labels of each column may mean.
LABEL_VALUES: dict[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "status": STATUSES,
    "circulation": CIRCULATIONS,
    "result_form": RESULT_FORMS,
}
