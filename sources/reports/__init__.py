"""How do cells become a unit's report, on our template or on a form of its own?

Others use: `report.read_report`, `free_report.read_free_report`, `profile.load_report_profiles`.
"""
