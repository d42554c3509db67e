"""Which commands are there? A module a family: each reads what was typed, calls a verb, and has it printed.

Others use nothing of it: `motcua.cli` imports the modules, which registers the commands.
"""
