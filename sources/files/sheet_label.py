"""What is a sheet called outside the vault?

Its name is its sender's text and may name a person. A title that is ours is said as it is; any other sheet is called by
its place among the workbook's sheets, hidden ones counted: "trang 3". Its name lies in the vault.
"""

from collections.abc import Container, Mapping, Sequence

from sources.files.workbook import ANSWER_SHEET


def sheet_labels(titles: Sequence[str], ours: Container[str] = ()) -> dict[str, str]:
    """Return what each sheet of a workbook is called outside the vault, by its title; `ours` are titles of ours."""
    return {
        title: title if title in ours or title == ANSWER_SHEET else f"trang {number}"
        for number, title in reversed(list(enumerate(titles, start=1)))
    }


def label_of(name: str, labels: Mapping[str, str]) -> str:
    """Return the label of a sheet that a person, or a record of before, calls by its title or by its label."""
    return name if name in labels.values() else labels.get(name, name)
