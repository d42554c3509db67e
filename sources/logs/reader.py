"""Which cells does a file hold, as text, with their rows? Its suffix says who reads it."""

from collections.abc import Sequence
from pathlib import Path

from sources.files.delimited import SUFFIXES as DELIMITED_SUFFIXES
from sources.files.delimited import open_delimited
from sources.files.source import Source
from sources.logs.profile import Profile
from sources.logs.workbook import open_workbook_log

LOG_SUFFIXES = (*DELIMITED_SUFFIXES, ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")


def open_source(path: Path, suffix: str, profiles: Sequence[Profile] = ()) -> Source:
    """Open a log for reading; UnreadableError says why a file cannot be read.

    Of a workbook the first visible sheet is taken on which one of the profiles finds its header; that of an earlier
    answer to it is passed by.
    """
    if suffix in DELIMITED_SUFFIXES:
        return open_delimited(path)
    return open_workbook_log(path, suffix, profiles)
