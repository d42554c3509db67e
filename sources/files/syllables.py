"""Does this text read as Vietnamese?

A word with an accented letter is either a Vietnamese syllable (a consonant, a rhyme that the language has, one tone) or
it is not. Text that was decoded wrongly hardly ever gives syllables.
"""

import re
import unicodedata
from dataclasses import dataclass

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    "(?:"
    "a(?:ch|ng|nh|[cimnoptuy])?|ă(?:ng|[cmnpt])|â(?:ng|[cmnptuy])"
    "|e(?:ng|[cmnopt])?|ê(?:ch|nh|[mnptu])?|i(?:ch|nh|[acmnptu]|ê(?:ng|[cmnptu]))?"
    "|o(?:ng|[cimnpt]|a(?:ch|ng|nh|[cimnopty])?|ă(?:ng|[cmnt])|e(?:[nto])?|ong|oc)?"
    "|ô(?:ng|[cimnpt])?|ơ(?:[imnpt])?"
    "|u(?:ng|[acimnpt]|â(?:ng|[nty])|ê(?:ch|nh|n)?|ô(?:ng|[cimnt])|ơ|y(?:ch|nh|[ntpua]|ê(?:n|t))?)?"
    "|ư(?:ng|[acimntu]|ơ(?:ng|[cimnptu]))?|y(?:ê(?:ng|[mntu]))?"
    ")"
)


@dataclass(frozen=True)
class Syllables:
    """How many words with an accented letter a text has, and how many of them are Vietnamese syllables."""

    words: int = 0
    syllables: int = 0

    def __add__(self, other: "Syllables") -> "Syllables":
        return Syllables(self.words + other.words, self.syllables + other.syllables)

    @property
    def share(self) -> float:
        """Syllables of words; 0 where there is no word."""
        return self.syllables / self.words if self.words else 0.0


def is_syllable(word: str) -> bool:
    """Tell whether a word is a Vietnamese syllable, in either way of placing its tone mark."""
    toneless, tones = _TONES.subn("", unicodedata.normalize("NFD", word.casefold()))
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None


def accented_words(text: str) -> list[str]:
    """Return the words with an accented letter; a word that mixes letters and signs counts as the pieces between."""
    return [word for word in _WORD.findall(text) if not word.isascii()]


def count_syllables(text: str) -> Syllables:
    """Count the words with an accented letter, and how many are syllables."""
    words = accented_words(text)
    return Syllables(len(words), sum(map(is_syllable, words)))
