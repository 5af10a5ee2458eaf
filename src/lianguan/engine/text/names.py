"""Names made comparable: inverted or not, with initials or not, with or without dates."""

import re
from functools import lru_cache

from lianguan.engine.record import Name
from lianguan.engine.text.fold import HAN, TIBETAN, fold

NOT_PART = frozenset("jr sr dr prof sir mrs mr ed eds ii iii etc author editor".split())
YEARS = re.compile(r"\d{3,4}")
MONK = re.compile("^释(?=..)")
"""What stands for the surname of every monk, and may be left out."""
COURTESY = re.compile("(?<=..)(?:女士|先生|老师)$")
"""How somebody is addressed, not what they are called: 冰心女士."""


def name_key(name: Name) -> str:
    """A name in one form. Latin: surname, then initials ("rowling j k"); others: folded.
    "" for what is no name."""
    return _key(name.text, name.kind)


@lru_cache(maxsize=1 << 16)
def _key(text: str, kind: str) -> str:
    text = YEARS.sub("", text)
    if not text.isascii():
        text = text.replace("،", ",").replace("，", ",")
        if HAN.search(text):
            return COURTESY.sub("", MONK.sub("", fold(text)))
        if TIBETAN.search(text):
            return fold(text)
    if kind != "person":
        return fold(text)
    surname, _, given = text.partition(",")
    words = _words(given)
    if words:
        return " ".join((fold(surname), *(word[0] for word in words)))
    words = _words(surname)
    return " ".join((*words[-1:], *(word[0] for word in words[:-1])))


def _words(text: str) -> list[str]:
    """The words of a part of a name that belong to it."""
    return [word for word in fold(text).split() if word not in NOT_PART]


def surname_of(key: str) -> str:
    return key.split(" ", 1)[0]


PUBLISHER_WORDS = frozenset(
    "the and of press publishing publisher publishers publication publications book books co "
    "company inc ltd limited corp corporation verlag edition editions editorial editore editeur "
    "house group pub sons pr univ university llc gmbh dist distributor international".split()
)
HAN_PUBLISHER_WORDS = re.compile(
    "(?:出版社|出版公司|出版集团|出版发行|股份|有限|公司|出版|书局|书店|印书馆)+"
)
BEFORE_EDITION = re.compile(r";.*$")
NOBODY = re.compile(r"s ?n|sine nomine|n ?p|[a-z]|.*\bnot (?:identified|given|known)|.*不详.*")
SHORT_FORMS = {
    "g p o|gpo": "government printing office",
    "u s": "united states",
    "govt": "government",
    "print off": "printing office",
    "print": "printing",
    "dept": "department",
    "assn|assoc": "association",
    "inst": "institute",
    "natl": "national",
}
"""What cataloguing rules once had shortened (AACR2 appendix B)."""
SHORT_FORM = re.compile(rf"\b(?:{'|'.join(SHORT_FORMS)})\b")
IN_FULL = tuple((re.compile(rf"\b(?:{short})\b"), full) for short, full in SHORT_FORMS.items())


@lru_cache(maxsize=1 << 14)
def publisher_key(text: str) -> str:
    """What is left of a publisher's name without place, form of firm and general words; "" where
    it only says that nobody is named."""
    said = fold(BEFORE_EDITION.sub("", text))
    if NOBODY.fullmatch(said):
        return ""
    if HAN.search(said):
        return HAN_PUBLISHER_WORDS.sub("", said) or said
    if SHORT_FORM.search(said):
        for short, full in IN_FULL:
            said = short.sub(full, said)
    return " ".join([word for word in said.split() if word not in PUBLISHER_WORDS]) or said
