"""Two names that nobody can tell apart on paper are one name; what cannot be seen is in no name."""

import pytest

from audit.names import NotANameError, name_key, person_name

ONE_NAME = [
    pytest.param("root", "Root", id="case"),
    pytest.param("root", "rооt", id="Cyrillic o"),
    pytest.param("root", "ROΟT", id="Greek capital omicron"),
    pytest.param("ｒｏｏｔ", "root", id="full width"),
    pytest.param("ro\u200bot", "root", id="zero width space"),
    pytest.param("ro\u202eot", "root", id="turned direction"),
    pytest.param("Νam", "nam", id="a Greek capital that is no such small letter"),
    pytest.param("Нồng", "hồng", id="a Cyrillic capital that is no such small letter"),
    pytest.param("Đỗ An", "Ðỗ An", id="eth for d with stroke"),
    pytest.param("Đỗ An", "Ɖỗ An", id="African d for d with stroke"),
    pytest.param("Lê Văn Hóa", "Lê Văn Hoá", id="place of the tone mark"),
    pytest.param("Lê Văn An", " Lê\u00a0 Văn  An ", id="spaces"),
    pytest.param("Người Thử Nghiệm 017", "Người Thử Nghiệm O17", id="letter O for a zero"),
    pytest.param("Lan", "Ian", id="capital I for l"),
    pytest.param("Hoà", "Hoa\u0300", id="decomposed"),
]
# Letters in another dress, punctuation that nobody reads: ten ways to a second person under one name.
ONE_NAME += [
    pytest.param("Nguyễn Văn An", "Nguʏễn Văn An", id="a small capital"),
    pytest.param("oucvws z", "ᴏᴜᴄᴠᴡꜱ ᴢ", id="small capitals alone"),
    pytest.param("Kim Lan", "Ƙim Ⱡan", id="a hook and a bar"),
    pytest.param("Gia Khánh", "ᵹia Khánh", id="an insular letter"),
    pytest.param("Nguyễn Văn An", "Nguyễn Văn An.", id="a full stop at the end"),
    pytest.param("Nguyễn Văn An", "Nguyễn, Văn-An", id="punctuation inside"),
    pytest.param("Nguyễn Văn An", "(Nguyễn Văn) _An", id="brackets and a low line"),
    pytest.param("Nguyễn Văn An", "Nguyễn Văn‐An", id="a hyphen of another kind"),
    pytest.param("O'Neil", "OʼNeil’", id="apostrophes"),
    pytest.param("Trần Ăn", "Trần Ǎn", id="a caron for a breve"),
    pytest.param("Hạnh", "Ha\u0329nh", id="a stroke below for a dot"),
    pytest.param("bình", "ƀɨnh̀", id="strokes"),
]
TWO_NAMES = [
    ("Lan", "Làn"),
    ("Hùng", "Hưng"),
    ("Người 01", "Người 02"),
    ("Đăng", "Dăng"),
    ("An Bình", "AnBình"),
    ("Sơn", "Son"),
    ("Tư", "Tu"),
    ("nguyen.an", "nguyenan"),
]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_what_is_drawn_alike_is_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_vietnamese_diacritics_and_digits_tell_people_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "name", ["Người Thử Nghiệm 017", "Trần Thị Ước", "nguyen.van-a@so-vhtt", "O'Neil (VP)", "svc_1"]
)
def test_names_of_people_and_logins_are_written_as_they_are(name: str) -> None:
    assert person_name(f"  {name} ") == name
    assert name_key(name) == name_key(name_key(name))


@pytest.mark.parametrize(
    "name", ["", "  ", "--", "rооt", "a\u200bb", "a\u202eb", "ab\x1b[2J", "a\u0336b", "Α", "名前", "a\ud7a3", "a\ue000"]
)
def test_what_cannot_be_seen_or_read_is_in_no_name(name: str) -> None:
    with pytest.raises(NotANameError):
        person_name(name)
