"""IN. How is what others send read? Read `sources/kind.py` first."""
