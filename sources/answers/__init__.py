"""What does a sender get back, with which cells marked?

Others use: `answer.answer_workbook`, `words.answer_lines`.
"""
