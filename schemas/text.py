"""How is Vietnamese text stored, compared and hidden?

Stored text is NFC. Names are compared by a key that ignores case, spacing, zero-width characters and the place of the
tone mark (hóa = hoá). A value that may hold personal data is shown by its shape alone. What a stranger wrote is shown
with its control and format characters spelled out, so that it steers no terminal and looks like nothing else.
"""

import re
import unicodedata

_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPE_LIMIT = 24
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Letters and their marks, numbers of any script, and what shows as nothing.
_SHAPES = {"L": "x", "M": "x", "N": "9", "C": "?"}
# No more digits than a day or a count has: a phone number with dots in it is neither.
_DAY = r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{2}|\d{4})|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2})"
_PLAIN_DATE = re.compile(rf"{_DAY}(?:[ T]\d{{1,2}}:\d{{1,2}}(?::\d{{1,2}})?)?")
_PLAIN_NUMBER = re.compile(r"(?=(?:\D*\d){1,8}\D*\Z)[+\-]?\d{1,6}(?:[.,]\d{1,4})?%?")


def clean(text: str) -> str:
    """Return the text in NFC, without zero-width characters, spaces collapsed and trimmed."""
    return _SPACES.sub(" ", _ZERO_WIDTH.sub("", unicodedata.normalize("NFC", text))).strip()


def comparison_key(text: str) -> str:
    """Return the key by which two names count as the same.

    The tone mark moves to the end of its word, so that both ways of placing it (hóa, hoá) give one key.
    """
    words = unicodedata.normalize("NFD", clean(text).casefold()).split(" ")
    keyed = []
    for word in words:
        tones = "".join(character for character in word if character in _TONES)
        keyed.append("".join(character for character in word if character not in _TONES) + tones)
    return unicodedata.normalize("NFC", " ".join(keyed)).replace("–", "-").replace("—", "-")


def _spelled(letter: str) -> str:
    if letter in _SHORT:
        return _SHORT[letter]
    number = ord(letter)
    # A byte of a name that is not UTF-8 stands as a lone surrogate.
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def is_unseen(letter: str) -> bool:
    """Tell whether a character steers what shows it, or shows nothing: control, format, separators, halves."""
    return unicodedata.category(letter) in _UNSEEN


def visible(text: str, kept: str = "") -> str:
    """Return the text with every character spelled out that would steer what shows it, but for those in `kept`."""
    if text.isprintable():
        return text
    return "".join(_spelled(c) if is_unseen(c) and c not in kept else c for c in text)


def masked(text: str) -> str:
    """Return what may be shown of a cell's text outside the vault.

    Dates and short numbers are shown as they are: they identify nobody. Anything else keeps its shape only
    (letters x, digits 9), so that a name that slid into another column is not shown.
    """
    text = clean(text)
    if _PLAIN_DATE.fullmatch(text) or _PLAIN_NUMBER.fullmatch(text):
        return text
    shape = "".join(_SHAPES.get(unicodedata.category(c)[0], c) for c in text)
    return shape if len(shape) <= _SHAPE_LIMIT else shape[:_SHAPE_LIMIT] + "…"
