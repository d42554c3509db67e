"""How do submissions become figures and verdicts, and what speaks for each of them?

Others use: `consolidate.consolidate`, `reporting.expected_reports`, `periods.latest_consolidation`.
"""
