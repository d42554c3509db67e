"""WHEN. What is done in a quarter, in which order, and who starts it? Read `flows/quarterly.py` first."""
