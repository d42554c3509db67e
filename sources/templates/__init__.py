"""What does the workbook look like that a unit fills in?

Others use: `template`, `task_words`.
"""
