"""Are the settings those that the record knows?"""

from audit.ledger import Ledger
from audit.settings import known_settings
from warehouse.workspace import SETTINGS, Workspace


def settings_edit(workspace: Workspace, ledger: Ledger) -> str:
    """Return in one line that the settings were changed and nobody recorded it yet; nothing where they agree."""
    if known_settings(ledger.entries) in (None, workspace.settings_sha256):
        return ""
    return f"{SETTINGS}: đã đổi, chưa ghi sổ / was changed and is not recorded yet: the next command that writes does"
