"""WHO. Who did what, when, with which right, and does the record still say so?"""
