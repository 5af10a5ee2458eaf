"""Texts to the words that are indexed, and what a reader typed to the words to look for.

Chinese has no spaces: a run of characters is indexed as its pairs (红楼梦 → 红楼 楼梦) and as
single characters; Tibetan as syllables; other scripts as words. The same folding stands on
both sides, so 紅樓夢 finds 红楼梦 and Café finds cafe.
"""

import re
from collections.abc import Iterable, Iterator

from lianguan.engine.mapping.numbers import isbn13
from lianguan.engine.text.fold import fold

HAN_RUN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")
RUN = re.compile(
    f"(?P<han>{HAN_RUN.pattern})"
    "|(?P<tibetan>[\u0f00-\u0fff]+)"
    "|(?P<word>[^\\s\u3007\u3400-\u9fff\U00020000-\U0003ffff\u0f00-\u0fff]+)"
)
PARTED = re.compile("[\u0f00-\u0fff\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
"""A letter of a script whose words have no blanks between them."""
ISBN = re.compile(r"[\d][\d\s-]{8,16}[\dXx]")
ISBN_WORD = re.compile(r"^isbn(?:-1[03])?[:：]?", re.IGNORECASE)
BETWEEN_WORDS = re.compile(r"[\s,，、;；]+")
TSHEG = "\u0f0b"


def words_of(text: str) -> Iterator[list[str]]:
    """Each run of one script as its words: neighbours in a run stand side by side."""
    return _runs(fold(text))


def _runs(folded: str) -> Iterator[list[str]]:
    for match in RUN.finditer(folded):
        said, script = match[0], match.lastgroup
        if script == "han":
            yield pairs(said)
        elif script == "tibetan":
            yield [s for s in said.split(TSHEG) if s]
        else:
            yield [said]


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters; a single character alone."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def indexed(texts: Iterable[str]) -> str:
    """The words of texts as one text with spaces between them; of those that only differ in
    spelling one."""
    return " ".join(dict.fromkeys(map(_indexed, texts)))


def _indexed(text: str) -> str:
    folded = fold(text)
    if folded.isascii() or not PARTED.search(folded):
        return folded
    return " ".join([word for run in _runs(folded) for word in run])


def characters(texts: Iterable[str]) -> str:
    """The single Han characters of texts."""
    folded = (fold(text) for text in texts if not text.isascii())
    runs = [run for text in folded for run in HAN_RUN.findall(text)]
    return " ".join(dict.fromkeys("".join(runs)))


def asked_words(query: str) -> list[str]:
    """The words of a query: parted by blanks and by the commas of any script."""
    return [word for word in BETWEEN_WORDS.split(query) if word and not ISBN_WORD.fullmatch(word)]


def isbn_in(query: str) -> str | None:
    """The ISBN-13 if the query is an ISBN, with or without the word."""
    said = ISBN_WORD.sub("", query.strip()).strip()
    return isbn13(said) if ISBN.fullmatch(said) else None
