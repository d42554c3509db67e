"""How do cells become rows of dossiers?

Others use: `profile.load_profiles`, `log.open_log`, `log.read_batches`.
"""
