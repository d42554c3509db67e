"""What did a sender call a sheet that the record knows by its label alone? Told to the people of this machine."""

from collections.abc import Sequence

from audit.events import StoredFile
from flows.intake.reading import Reading
from sources.files.sheet_label import sheet_labels
from sources.templates.titles import SHEETS
from warehouse import vault
from warehouse.workspace import Workspace


def by_label(titles: Sequence[str]) -> dict[str, str]:
    """Return the titles of a workbook's sheets by their labels."""
    return {label: title for title, label in sheet_labels(titles, SHEETS).items()}


def titles_by_label(workspace: Workspace, sha256: str) -> dict[str, str]:
    """Return the titles of a submission's sheets by their labels; nothing where the vault is closed or knows none."""
    return by_label(vault.sheet_titles(workspace, sha256))


def keep_titles(workspace: Workspace, sha256: str, reading: Reading) -> list[StoredFile]:
    """Seal the titles that a reading found; return the file for the commit that names the submission's others."""
    kept = vault.keep_sheet_titles(workspace, sha256, reading.sheet_titles)
    return [kept] if kept is not None else []
