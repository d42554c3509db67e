"""What did the rules say, and does the record still hold what was committed?

Others use: `verify.verify`, `history`, `coverage.coverage`.
"""
