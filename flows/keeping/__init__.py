"""How does a workspace begin, and how does it live on: copies, keys, a projection made anew?

Others use: `create.create`, `backup.backup`, `rebuild.rebuild`.
"""
