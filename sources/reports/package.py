"""What does a report's file carry beside its cells? Links to other files and macros, neither of which is followed."""

import io
import zipfile

from sources.files.source import UnreadableError
from sources.files.workbook_parts import contents, sound_parts
from sources.reports.evaluation import Evaluation

LINK_RULE, MACRO_RULE = "R030", "R031"
_NO_LINK = "giá trị, không liên kết đến tệp khác / values, and no link to another file"
_NO_MACRO = "tệp không có macro / a file without macros"


def see_package(reading: Evaluation, content: bytes) -> None:
    """Evaluate the rules over the package of a report that was opened."""
    try:
        with sound_parts(), zipfile.ZipFile(io.BytesIO(content)) as parts:
            carried = contents(parts)
    except UnreadableError as error:
        reading.leave_out(str(error), LINK_RULE, MACRO_RULE)
        return
    reading.verdict(LINK_RULE).checked = max(len(carried.links), 1)
    reading.verdict(MACRO_RULE).checked = 1
    for _ in carried.links:
        reading.find(LINK_RULE, _NO_LINK)
    if carried.has_macros:
        reading.find(MACRO_RULE, _NO_MACRO)
