"""When are two names of people one name?

Invariants:
1. what is drawn alike is alike: case, width, spaces, punctuation, the place of a tone mark, letters of other alphabets
   that look like Latin ones and Latin letters in another dress (small capitals, hooks, strokes) make no second name
   (`root`, `Root`, Cyrillic `rооt` are one); Vietnamese diacritics do make one;
2. a new name has Latin letters, digits, single spaces and plain punctuation: what cannot be seen is in no name.

With the standard library alone.
"""

import re
import unicodedata
from functools import lru_cache

# Capitals that look like another Latin letter than their small form does: folded before the case is.
_CAPITALS = str.maketrans("ΝΗΥΖВНМТК", "nhyzbhmtk")
# By what they are drawn like, after the case was folded.
_DRAWN_LIKE = {
    "a": "аαɑ", "b": "вьβƅ", "c": "сϲⅽ", "d": "ԁⅾ", "e": "еєε", "g": "ɡց", "h": "һհн", "j": "јϳ", "k": "кκ",
    "l": "i1|ıіιӏɩǀ", "m": "мⅿ", "n": "пոռη", "o": "0оοօ", "p": "рρ", "q": "ԛգ", "r": "гⲅ", "s": "ѕʂ", "t": "тτ",
    "u": "иυսʋ", "v": "νѵ", "w": "ԝωաѡ", "x": "хχ", "y": "уγүყ", "z": "ᴢ", "đ": "ðɖ", "ï": "ї", "ë": "ё", "ơ": "ო",
}  # fmt: skip
_FOLDED = str.maketrans({one: latin for latin, alike in _DRAWN_LIKE.items() for one in alike})
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# Marks that are drawn like a Vietnamese one.
_MARKS = str.maketrans("\u030c\u0342\u0326\u0329", "\u0306\u0303\u0323\u0323")
# What Unicode calls a Latin letter that is drawn as a plain one, in another dress.
_DRESSED = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?LETTER"
    r"(?: (?:SMALL|CAPITAL|DOTLESS|SCRIPT|INSULAR|BLACKLETTER|BARRED|OPEN|STIRRUP|LENIS))* ([A-Z])(?: BAR| WITH .+)?"
)
# Drawn as nothing beside a letter (an apostrophe), or as a space between two.
_APOSTROPHES = re.compile("['`´‘’‛ʹʻʼʽʾʿˈꞌꞋ＇]")
_PUNCTUATION = frozenset("PZ")
_SPACES = re.compile(r"\s+")
_PLAIN_PUNCTUATION = " -'’.,()_@&/+"


class NotANameError(ValueError):
    """Raised for what cannot be anybody's name; the message says why, in both languages."""


def name_key(name: str) -> str:
    """Return the key by which two names count as one person's."""
    name = _APOSTROPHES.sub("", name)
    text = unicodedata.normalize("NFKC", name).translate(_CAPITALS)
    seen = "".join(one for one in text if unicodedata.category(one) not in ("Cc", "Cf") or one.isspace())
    folded = unicodedata.normalize("NFC", seen.casefold()).translate(_FOLDED)
    words = []
    for word in "".join(map(_spaced, folded)).split():
        # Both ways of placing a tone mark (hóa, hoá) are one name.
        letters = "".join(map(_undressed, unicodedata.normalize("NFD", word).translate(_MARKS)))
        tones = "".join(one for one in letters if one in _TONES)
        bare = unicodedata.normalize("NFC", "".join(one for one in letters if one not in _TONES)).translate(_FOLDED)
        words.append(bare.replace("rn", "m").replace("vv", "w") + tones)
    return " ".join(words)


def _spaced(one: str) -> str:
    """Return a space for punctuation: it tells no two people apart."""
    return " " if unicodedata.category(one)[0] in _PUNCTUATION or one in "+&" or one.isspace() else one


@lru_cache(maxsize=4096)
def _undressed(one: str) -> str:
    """Return the plain letter that a Latin one is drawn as; the letter itself where it is none, or Vietnamese."""
    dressed = None if one == "đ" or one.isascii() else _DRESSED.fullmatch(unicodedata.name(one, ""))
    return dressed.group(1).lower() if dressed is not None else one


def person_name(text: str) -> str:
    """Return a person's name as it is written in the record; NotANameError for what nobody can be called."""
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not name:
        raise NotANameError("tên trống / the name is empty")
    for one in name:
        if not (one in _PLAIN_PUNCTUATION or one in "0123456789" or _is_latin(one)):
            shown = unicodedata.name(one, f"U+{ord(one):04X}")
            raise NotANameError(
                f"tên {name!a}: ký tự U+{ord(one):04X} ({shown}) không được dùng trong tên người"
                " / cannot be in a person's name: write it with Latin letters"
            )
    if not name_key(name).strip(_PLAIN_PUNCTUATION):
        raise NotANameError(f"tên {name!a} không có chữ nào / the name has no letter")
    return name


def _is_latin(one: str) -> bool:
    return unicodedata.category(one).startswith("L") and unicodedata.name(one, "").startswith("LATIN ")
