"""Of a task's evidence the numbers of documents leave the vault, and no other word."""

import pytest

from sources.reports.cells import Cell
from sources.reports.evidence import IN_WORDS, documents_named
from tests.support.filled_report import PLAN


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, None),
        ("  ", None),
        ("-", None),
        ("Số 01/TV", "01/TV"),
        ("Văn bản số 12/SVHTT-VP", "12/SVHTT-VP"),
        ("Kế hoạch 371/QĐ-SVHTT ngày 05/01/2022, sau là 12a/2022/NQ-HĐND", "371/QĐ-SVHTT, 12a/2022/NQ-HĐND"),
        ("BC 12/BC-TV do Người Thử Nghiệm 017 ký, 0905017017", "12/BC-TV"),
        ("Người Thử Nghiệm 017", IN_WORDS),
        ("12/BC-NGUOITHU", IN_WORDS),
        ("0905017017/BC-TV", IN_WORDS),
        ("12/BC-TV-Nghiệm", IN_WORDS),
        ("056099017017", IN_WORDS),
        (905017017, IN_WORDS),
    ],
)
def test_numbers_of_documents_are_kept_and_words_are_not(text: str | int | None, kept: str | None) -> None:
    assert documents_named(Cell(5, "F5", text), PLAN) == kept
