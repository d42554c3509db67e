"""Which settings does the record know?

`motcua.toml` is not decided about: whoever keeps the machine sets how long a writer waits or where a copy goes. But it
is not changed unseen either: the record knows its hash, and the first command that writes after a change says so.
"""

from collections.abc import Iterable

from audit.events import Entry, SettingsChanged, WorkspaceCreated


def known_settings(entries: Iterable[Entry]) -> str | None:
    """Return the hash of the settings that the record knows; None in one of before it knew any."""
    known = None
    for entry in entries:
        for event in entry.events:
            if isinstance(event, WorkspaceCreated | SettingsChanged):
                known = event.settings_sha256
    return known
