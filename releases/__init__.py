"""OUT. What leaves the house, and how can a stranger check it? `releases/verify.py` is the stranger's."""
