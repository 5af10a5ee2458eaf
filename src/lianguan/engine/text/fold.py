"""Text made comparable: what two people who mean the same write differently is made alike.

The folded form is for comparing and searching only; what is shown is what the member wrote.
Traditional characters become simplified, variant forms usual, full width half, letters lose
case and accents, Tibetan its spelling variants, everything its punctuation.
"""

import csv
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources

HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff\u3007\u2e80-\u2fdf]")
TIBETAN = re.compile("[\u0f00-\u0fff]")
ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0640\u064b-\u0655\u0670]"
)
SIGNS = re.compile(r"(?:[^\w\u0f00-\u0fff]|_)+")
BESIDE_HAN = re.compile(f"(?<={HAN.pattern}) | (?={HAN.pattern})")
LETTER_OF_TIBETAN = "[\u0f20-\u0f33\u0f39\u0f40-\u0f84\u0f86-\u0fbc]"
BETWEEN_TIBETAN = re.compile(f"(?<={LETTER_OF_TIBETAN})[\u0f0b ]+(?={LETTER_OF_TIBETAN})")
AT_END_OF_TIBETAN = re.compile(f"(?<!{LETTER_OF_TIBETAN})\u0f0b+|\u0f0b+(?!{LETTER_OF_TIBETAN})")

SYLLABLE_OM = ("\u0f00", "\u0f68\u0f7c\u0f7e")
LETTERS_OF_TIBETAN = str.maketrans(
    {"\u0f6a": "\u0f62"} | dict.fromkeys("\u0f18\u0f19\u0f35\u0f37\u0f3e\u0f3f\u0fc6", "")
)
"""Fixed-form ra is ra; marks of honour and of astrology stand on a letter and part nothing."""
SIGNS_OF_TIBETAN = re.compile(
    "[\u0f01-\u0f17\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a-\u0f3d\u0f85\u0fbd-\u0fff]+"
)
LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
    | {"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا"}
    | dict.fromkeys("ʻʼʹʺ’‘`´ʿʾ'", "")
)
"""Letters that no accent can be taken from; signs for sounds that many leave out."""
ASCII = {i: chr(i).lower() if chr(i).isalnum() else " " for i in range(128)} | {ord("'"): None}
ONE_BY_ONE = re.compile(
    "[\0-\u024f\u02b0-\u0344\u0346-\u0482\u048a-\u052f\u060c-\u060f\u061b-\u0655\u0660-\u06d3"
    "\u1e00-\u1eff\u2000-\u206f\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]+"
)
"""Latin, Greek, Cyrillic and Arabic letters with their accents, Han, and the punctuation of these:
none of them changes what becomes of another (tried for all pairs of a letter and an accent)."""


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """The comparable form: words with one space between them, none beside Han characters,
    Tibetan syllables with a tsheg between them."""
    if text.isascii():
        return " ".join(text.translate(ASCII).split())
    folded = text.translate(_each) if ONE_BY_ONE.fullmatch(text) else _together(text)
    folded = " ".join(folded.split())
    return _simplified(BESIDE_HAN.sub("", folded)) if HAN.search(folded) else folded


def _together(text: str) -> str:
    """The words of any text, in small letters without accents."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    folded = unicodedata.normalize("NFC", folded).translate(LETTERS)
    if TIBETAN.search(folded):
        folded = _tibetan(folded)
    return SIGNS.sub(" ", folded)


class _Each(dict[int, str]):
    """What becomes of each character, worked out when it is first met: half of the time that
    the whole text takes (measured)."""

    def __missing__(self, code: int) -> str:
        self[code] = _together(chr(code))
        return self[code]


_each = _Each()


def _tibetan(text: str) -> str:
    """Spellings that look alike made one; one tsheg between syllables and none at the ends."""
    text = text.replace(*SYLLABLE_OM).translate(LETTERS_OF_TIBETAN)
    text = SIGNS.sub(" ", SIGNS_OF_TIBETAN.sub("\u0f0b", text))
    return AT_END_OF_TIBETAN.sub(" ", BETWEEN_TIBETAN.sub("\u0f0b", text))


@cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - a dictionary of its own, only where there is Han

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@cache
def _odd_forms() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, variants()))}]")


@cache
def variants() -> dict[int, str]:
    """Variant forms and radicals → the usual character."""
    path = resources.files(__package__).joinpath("variants.csv")
    lines = csv.DictReader(path.read_text("utf-8").splitlines())
    return {ord(line["variant"]): line["usual"] for line in lines}


def _simplified(text: str) -> str:
    return _usual(_converter()(_usual(text)))


def _usual(text: str) -> str:
    """The text without variant forms: one title in a hundred has one, and to look costs an eighth
    (measured)."""
    return text.translate(variants()) if _odd_forms().search(text) else text
