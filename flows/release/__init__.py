"""How do figures become a release that somebody asked for, somebody else approved, and nobody can alter?

Others use: `decisions.request_under_lock`, `publish.publish`, `past.as_known`.
"""
