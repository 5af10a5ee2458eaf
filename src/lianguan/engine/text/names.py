"""Names made comparable: inverted or not, with initials or not, with or without dates."""

import re
from functools import lru_cache

from lianguan.engine.record import Name
from lianguan.engine.text.fold import HAN, TIBETAN, fold

NOT_PART = re.compile(r"\b(?:jr|sr|dr|prof|sir|mrs|mr|ed|eds|ii|iii|etc|author|editor)\b")
YEARS = re.compile(r"\d{3,4}")
MONK = re.compile("^释(?=..)")
"""What stands for the surname of every monk, and may be left out."""


@lru_cache(maxsize=1 << 16)
def name_key(name: Name) -> str:
    """A name in one form. Latin: surname, then initials ("rowling j k"); others: folded.
    "" for what is no name."""
    text = YEARS.sub("", name.text).replace("،", ",").replace("，", ",")
    if name.kind != "person" or HAN.search(text) or TIBETAN.search(text):
        return MONK.sub("", fold(text)) if HAN.search(text) else fold(text)
    surname, _, given = text.partition(",")
    words = NOT_PART.sub("", fold(given)).split()
    if words:
        return " ".join((fold(surname), *(word[0] for word in words)))
    words = NOT_PART.sub("", fold(surname)).split()
    return " ".join((*words[-1:], *(word[0] for word in words[:-1])))


def surname_of(key: str) -> str:
    return key.split(" ", 1)[0]


PUBLISHER_WORDS = re.compile(
    r"\b(?:the|and|of|press|publishing|publishers?|publications?|books?|co|company|inc|ltd|limited"
    r"|corp|corporation|verlag|editions?|editorial|editore|editeur|house|group|pub|sons|pr|univ"
    r"|university|edition|llc|gmbh|dist|distributor|international)\b"
)
HAN_PUBLISHER_WORDS = re.compile(
    "(?:出版社|出版公司|出版集团|出版发行|股份|有限|公司|出版|书局|书店|印书馆)+"
)
BEFORE_EDITION = re.compile(r";.*$")
NOBODY = re.compile(r"s ?n|sine nomine|n ?p|[a-z]|.*\bnot (?:identified|given|known)|.*不详.*")
SHORT_FORMS = tuple(
    (re.compile(rf"\b(?:{short})\b"), full)
    for short, full in (
        ("g p o|gpo", "government printing office"),
        ("u s", "united states"),
        ("govt", "government"),
        ("print off", "printing office"),
        ("print", "printing"),
        ("dept", "department"),
        ("assn|assoc", "association"),
        ("inst", "institute"),
        ("natl", "national"),
    )
)
"""What cataloguing rules once had shortened (AACR2 appendix B)."""


@lru_cache(maxsize=1 << 14)
def publisher_key(text: str) -> str:
    """What is left of a publisher's name without place, form of firm and general words; "" where
    it only says that nobody is named."""
    said = fold(BEFORE_EDITION.sub("", text))
    if NOBODY.fullmatch(said):
        return ""
    if HAN.search(said):
        return HAN_PUBLISHER_WORDS.sub("", said) or said
    for short, full in SHORT_FORMS:
        said = short.sub(full, said)
    return " ".join(PUBLISHER_WORDS.sub(" ", said).split()) or said
