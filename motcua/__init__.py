"""DOOR. What can be done with a workspace from a command line, and what does it print?"""
