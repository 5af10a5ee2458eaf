"""Names made comparable: inverted or not, with initials or not, with or without dates."""

import re

from lianguan.engine.record import Name
from lianguan.engine.text.fold import HAN, TIBETAN, fold

NOT_PART = re.compile(r"\b(?:jr|sr|dr|prof|sir|mrs|mr|ed|eds|ii|iii|etc|author|editor)\b")
YEARS = re.compile(r"\d{3,4}")


def name_key(name: Name) -> str:
    """A name in one form. Latin: surname, then initials ("rowling j k"); others: folded.
    "" for what is no name."""
    text = YEARS.sub("", name.text)
    if name.kind != "person" or HAN.search(text) or TIBETAN.search(text):
        return fold(text).replace(" ", "") if HAN.search(text) else fold(text)
    surname, comma, given = text.partition(",")
    if not comma:
        words = NOT_PART.sub("", fold(text)).split()
        return " ".join((*words[-1:], *(word[0] for word in words[:-1])))
    words = NOT_PART.sub("", fold(given)).split()
    return " ".join((fold(surname), *(word[0] for word in words))).strip()


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


def publisher_key(text: str) -> str:
    """What is left of a publisher's name without place, form of firm and general words."""
    said = fold(BEFORE_EDITION.sub("", text))
    if HAN.search(said):
        return HAN_PUBLISHER_WORDS.sub("", said.replace(" ", "")) or said
    return " ".join(PUBLISHER_WORDS.sub(" ", said).split()) or said
