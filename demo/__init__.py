"""TRY. How does a newcomer see a quarter or a year of an office that does not exist?

Others use: `run.make_demo`, `run.run_demo`.
"""
