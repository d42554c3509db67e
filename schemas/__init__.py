"""WHAT. What is legal: the plan's form, the columns, the rules, what the gate asks?"""
