"""How does an answer look in a terminal?

Others use: `show`, and a module for each family of commands; `terminal.console`.
"""
