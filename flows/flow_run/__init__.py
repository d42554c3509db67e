"""Whose is a run of a flow, how does it end, and what does its page tell a person?

Others use: `caller.as_person`, `steps.result_of`.
"""
