"""Real workbooks in fonts with encodings of their own say what their transcripts say."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.files.legacy_text import decoded, encoding_of_font
from sources.files.workbook import Workbook
from sources.files.workbook_xls import read_xls

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "legacy_vietnamese"
FILES = sorted(CORPUS.glob("*.xls"))
NEEDS_CORPUS = pytest.mark.skipif(not FILES, reason="../shared/data/legacy_vietnamese is absent")
LEAST_SHARE = 0.985
# In the first, some cells are in Arial and their text is TCVN3 all the same: the font is what is reported.
MIXED = {"2005-2005_04_14_084750", "2009-xls"}
VNI = {"2006-Mau22_CKTC_NSH-1", "2006-Mau23_CKTC_NSH"}


def accented_syllables(text: str) -> Counter[str]:
    """Count the words of letters of which one at least is no ASCII letter, ignoring case."""
    letters = "".join(letter if letter.isalpha() else " " for letter in unicodedata.normalize("NFC", text).lower())
    return Counter(word for word in letters.split() if not word.isascii())


def texts(book: Workbook) -> Iterator[str]:
    return (cell.text for sheet in book.sheets for cell in sheet.cells.values())


@NEEDS_CORPUS
def test_the_corpus_is_read_as_its_transcripts_say() -> None:
    """The measure: accented syllables of a transcript that its workbook has too, as multisets, over all 11 files."""
    matched, total = 0, 0
    for path in FILES:
        wanted = accented_syllables(path.with_suffix(".txt").read_text("utf-8"))
        found = accented_syllables("\n".join(texts(read_xls(path))))
        same = (wanted & found).total()
        matched, total = matched + same, total + wanted.total()
    assert len(FILES) == 11
    assert matched / total >= LEAST_SHARE


@NEEDS_CORPUS
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_encoding_is_reported(path: Path) -> None:
    encoding = "tcvn3+unicode" if path.stem in MIXED else "vni" if path.stem in VNI else "tcvn3"
    assert read_xls(path).encoding == encoding


@pytest.mark.parametrize(
    ("font", "text", "said"),
    [
        (".VnTime", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        (".VnTimeH", "®éc lËp - tù do - h¹nh phóc", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
        (".VnArial NarrowH", "kh¸nh hoµ", "KHÁNH HOÀ"),
        ("VNI-Times", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("VNI-Helve", "ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
        (
            "VNI-Times",
            "thuûy, yù, kyõ, lyù, tyû, ñöôøng, ôû, ngöôøi, möôïn",
            "thủy, ý, kỹ, lý, tỷ, đường, ở, người, mượn",
        ),
        ("VNI-Times", "nghæ, kòp, vì, kính, kó, kyø, kî", "nghỉ, kịp, vì, kính, kĩ, kỳ, kỵ"),
        ("VNI-Times", "aên, aéng, baèng, aúng, aüng, caëp", "ăn, ắng, bằng, ẳng, ẵng, cặp"),
        ("Times New Roman", "Hồ sơ trễ hẹn", "Hồ sơ trễ hẹn"),
        ("Arial", "Céng hoµ", "Céng hoµ"),
        (".VnTime", "Đề tài", "Đề tài"),
    ],
)
def test_the_name_of_the_font_decides(font: str, text: str, said: str) -> None:
    assert decoded(text, font) == said


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".vntimeh", "tcvn3"),
        ("VNI-Times", "vni"),
        ("vni-helve-condense", "vni"),
        ("Times New Roman", "unicode"),
        ("Vni", "unicode"),
        ("", "unicode"),
    ],
)
def test_encodings_are_known_by_fonts(name: str, encoding: str) -> None:
    assert encoding_of_font(name) == encoding


@given(st.text(), st.sampled_from([".VnTime", ".VnTimeH", "VNI-Times", "Arial"]))
def test_decoded_text_is_nfc(text: str, font: str) -> None:
    assert unicodedata.is_normalized("NFC", decoded(text, font))


@given(st.text(alphabet=st.characters(max_codepoint=127)), st.sampled_from([".VnTime", "VNI-Times", "Arial"]))
def test_ascii_is_the_same_in_every_encoding(text: str, font: str) -> None:
    assert decoded(text, font) == text
