"""What must the public not be able to tell from what is published?

Others use: `disclosure`, `audit`, `open_tables`.
"""
