"""Who came in, with which right, and which code is it that works for them?

Others use: `door.Door`, `door.MisuseError`, `authority.entered`.
"""
