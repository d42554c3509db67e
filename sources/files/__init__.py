"""How do bytes become cells, whatever format and encoding they came in?

Others use: `source.Source`, `source.UnreadableError`, `workbook`.
"""
