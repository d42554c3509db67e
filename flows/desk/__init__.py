"""What does a person at the desk ask for: who owes what, what to answer, what does the plan say?

Others use: `status.status`, `answer`, `plan_view`.
"""
