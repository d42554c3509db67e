"""What does the workbook look like that an office prints?

Others use: `workbook.report_workbook`, `report`.
"""
