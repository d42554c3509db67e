"""How does a log that nobody has described become the draft of a profile?

Others use: `profile.draft_profile`, `toml.as_toml`.
"""
