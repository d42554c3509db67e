"""By which words does the task table of a report say what is to be done, by when, and what became of it?"""

NUMBER, CODE, TASK, PRODUCT = "TT", "Mã nhiệm vụ", "Nhiệm vụ", "Sản phẩm"
DUE, DONE, STATE, EVIDENCE = "Thời hạn", "Ngày hoàn thành", "Tình trạng", "Văn bản minh chứng"
# What the reader looks for; the columns that stand beside these are for people alone.
TASK_HEADINGS = (NUMBER, CODE, TASK, PRODUCT, DUE, DONE, STATE, EVIDENCE)
# What it needs: the number of a row says nothing.
READ_HEADINGS = TASK_HEADINGS[1:]
STATE_DONE, STATE_IN_PROGRESS, STATE_NOT_BEGUN = "Hoàn thành", "Đang thực hiện", "Chưa thực hiện"
TASK_STATES = (STATE_DONE, STATE_IN_PROGRESS, STATE_NOT_BEGUN)
