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
ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670]")
SIGNS = re.compile(r"[^\w\u0f00-\u0fff]+|_+")
TIBETAN_SIGNS = re.compile("[\u0f01-\u0f1f\u0f34-\u0f3f\u0f85\u0fbe-\u0fda\\s\\W]+")
BETWEEN_HAN = re.compile("(?<=[\u3400-\u9fff\u3007]) (?=[\u3400-\u9fff\u3007])")
PLAIN = re.compile(r"[a-z0-9 ]*")

TIBETAN_LETTERS = str.maketrans({"\u0f6a": "\u0f62", "\u0f0c": "\u0f0b"})
SYLLABLE_OM = ("\u0f00", "\u0f68\u0f7c\u0f7e")
LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
    | dict.fromkeys("ʻʼʹʺ’‘`´ʿʾ''\u0360\u0361\ufe20\ufe21", "")
)


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """The comparable form: words with one space between them, none between Han characters,
    Tibetan syllables with a tsheg between them."""
    lowered = text.casefold()
    if lowered.isascii():
        return _words(lowered)
    folded = unicodedata.normalize("NFKC", lowered)
    if TIBETAN.search(folded):
        folded = _tibetan(folded)
    if HAN.search(folded):
        folded = _simplified(folded)
    folded = ACCENTS.sub("", unicodedata.normalize("NFD", folded.translate(LETTERS)))
    return BETWEEN_HAN.sub("", _words(unicodedata.normalize("NFC", folded)))


def _words(text: str) -> str:
    return SIGNS.sub(" ", text.replace("'", "")).strip()


def _tibetan(text: str) -> str:
    """Spellings that look alike made one; shad and other signs parted from syllables."""
    text = text.replace(*SYLLABLE_OM).translate(TIBETAN_LETTERS)
    pieces = re.split("([\u0f00-\u0fff\\s]*[\u0f00-\u0fff])", text)
    return "".join(_syllables(p) if TIBETAN.search(p) else p for p in pieces)


def _syllables(text: str) -> str:
    """Syllables with one tsheg between them and none at the ends."""
    lead = " " if text[:1].isspace() else ""
    return lead + "\u0f0b".join(filter(None, re.split("[\u0f0b-\u0f14\\s]+", text)))


@cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - a dictionary of its own, only where there is Han

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@cache
def variants() -> dict[int, str]:
    """Variant forms and radicals → the usual character."""
    path = resources.files(__package__).joinpath("variants.csv")
    lines = csv.DictReader(path.read_text("utf-8").splitlines())
    return {ord(line["variant"]): line["usual"] for line in lines}


def _simplified(text: str) -> str:
    return _converter()(text).translate(variants())
