"""How does a file become a submission, and what counts of what came?

Others use: `intake.take_in`, `submissions.submissions`, `reading.Stated`.
"""
