"""What becomes of a nonconformity, from the day it is recorded to the day it is closed?

Others use: `steps`, `record`, `book`.
"""
