"""What are the sheets of the template called? These titles are ours: any other names what its sender wrote."""

COVER_SHEET, ITEM_SHEET, TASK_SHEET, IDENTITY_SHEET = "Bìa", "Số liệu", "Nhiệm vụ", "_motcua"
SHEETS = (COVER_SHEET, ITEM_SHEET, TASK_SHEET, IDENTITY_SHEET)
