"""How a library writes an edition down: which form it gives each field that is planted."""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from opencc import OpenCC

from bench.members_editions import Author, Edition
from bench.members_plan import mixed
from bench.members_words import Whole
from lianguan.engine.read.iso2709 import Fields


class Forms(NamedTuple):
    """Of one copy: by field, the place of its form in the tables below."""

    subtitle: int
    typo: int
    script: int
    author: int
    said_by: int
    isbn: int
    publisher: int
    date: int
    extent: int
    counted: int
    statement: int
    volume: int
    system_number: int
    kept: int
    place: int
    """Any number: where the typing error is, and how far off the pages are."""


LEFT_OUT = -1

SHARES = {
    "subtitle": {0: 75, LEFT_OUT: 25},
    "typo": {0: 97, 1: 1, 2: 1, 3: 1},
    "script": {0: 96, 1: 4},
    "author": {0: 55, 1: 25, 2: 15, 3: 5},
    "said_by": {0: 60, 1: 20, LEFT_OUT: 20},
    "isbn": {0: 40, 1: 20, 2: 15, 3: 5, LEFT_OUT: 20},
    "publisher": {0: 76, 1: 16, 2: 8},
    "date": {0: 70, 1: 20, 2: 10},
    "extent": {0: 60, 1: 24, 2: 14, 3: 2},
    "counted": {0: 90, 1: 10},
    "statement": {0: 75, 1: 15, LEFT_OUT: 10},
    "volume": {0: 70, 1: 28, LEFT_OUT: 2},
    "system_number": {0: 60, LEFT_OUT: 40},
    "kept": {0: 80, 1: 10, 2: 10},
}
"""Of a hundred copies, how many have which form."""
ANY = 1 << 20
FIRST_DRAW = 300


def forms(copies: Whole) -> list[Forms]:
    """Of the copies with these numbers."""
    columns = [_drawn(copies, i, shares) for i, shares in enumerate(SHARES.values(), FIRST_DRAW)]
    columns.append((mixed(copies, FIRST_DRAW - 1) % ANY).astype(np.int64))
    return [Forms(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _drawn(copies: Whole, what: int, shares: dict[int, int]) -> Whole:
    of_hundred = np.repeat(list(shares), list(shares.values()))
    found: Whole = of_hundred[mixed(copies, what) % 100]
    return found


ENGLISH, CHINESE, TIBETAN = range(3)
SAID_BY = (("by {}", "{}"), ("{}著", "{} 编著"), ("{}", "{}"))
STATEMENTS = (("{} ed.", "{} edition."), ("第{}版", "{}版"), ("第{}版", "{}版"))
VOLUMES = (("Vol. {}", "v. {}"), ("第{}册", "{}"), ("{}", "{}"))
EXTENTS = (
    (
        "{} p. ;\x1fc23 cm.",
        "xii, {} p. :\x1fbill. ;\x1fc24 cm",
        "{} pages ;\x1fc23 cm",
        "v. ;\x1fc23 cm",
    ),
    ("{}页 ;\x1fc21cm", "12, {}页 :\x1fb图 ;\x1fc21cm", "{}页", "册 ;\x1fc21cm"),
    ("{} p. ;\x1fc21 cm", "4, {} p. :\x1fbill. ;\x1fc21 cm", "{}页", "v. ;\x1fc21 cm"),
)
DATES = ("{}.", "c{}.", "[{}]")
ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
SHORTER = re.compile(r"\b(Universi)ty\b|\b(Pr)ess\b|\b(Pub)lish(?:ing|ers)\b|\b(Co)mpany\b")
FIRM = re.compile(r"\s*(?:,? (?:& Co|Inc|Ltd|Limited|Publishers)\.?|出版社|出版公司)$")
ARTICLE = re.compile(r"(?:The|An|A) ")


def planted(edition: Edition, forms: Forms, tag: bytes) -> Fields:
    """The fields 100 to 300 of a copy; `tag` is that of the imprint, 260 or 264."""
    if forms.script and edition.language == CHINESE:
        edition = _traditional(edition)
    fields = [
        (b"100", author_entry(edition, forms)),
        (b"245", title(edition, forms)),
        (b"250", statement(edition, forms)),
        (tag, imprint(edition, forms, " 1" if tag == b"264" else "  ")),
        (b"300", extent(edition, forms)),
    ]
    return [(tag, data.encode()) for tag, data in fields if data]


@cache
def _to_traditional() -> Callable[[str], str]:
    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def _traditional(edition: Edition) -> Edition:
    turned = _to_traditional()
    author = edition.author
    return edition._replace(
        title=turned(edition.title),
        subtitle=turned(edition.subtitle),
        author=Author(turned(author.family), turned(author.given), author.born),
    )


def title(edition: Edition, forms: Forms) -> str:
    text = typed(edition.title, forms.typo, forms.place)
    article = ARTICLE.match(text) if edition.language == ENGLISH else None
    said = f"{int(edition.author.family != '')}{article.end() if article else 0}\x1fa{text}"
    if edition.volume and forms.volume >= 0:
        said += f".\x1fn{VOLUMES[edition.language][forms.volume].format(edition.volume)}"
    if edition.subtitle and forms.subtitle >= 0:
        said += f" :\x1fb{edition.subtitle}"
    if edition.author.family and forms.said_by >= 0:
        by = SAID_BY[edition.language][forms.said_by].format(straight(edition))
        said += f" /\x1fc{by}."
    return said


def typed(text: str, kind: int, place: int) -> str:
    """With a typing error: two characters changed over, one left out, one twice."""
    if not kind:
        return text
    at = place % max(len(text) - 1, 1)
    if kind == 1:
        return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if kind == 2 else text[: at + 1] + text[at:]


def straight(edition: Edition) -> str:
    """The name of the author as it is spoken."""
    family, given, _ = edition.author
    return f"{given} {family}".strip() if edition.language == ENGLISH else family + given


def author_entry(edition: Edition, forms: Forms) -> str:
    """Inverted with dates; inverted; with initials; not inverted."""
    family, given, born = edition.author
    if not family:
        return ""
    if edition.language != ENGLISH or forms.author == 3:
        said = straight(edition)
    elif forms.author == 2:
        said = f"{family}, {' '.join(word[0] + '.' for word in given.split())}"
    else:
        said = f"{family}, {given}"
    dates = f",\x1fd{born}-" if born and forms.author == 0 else ""
    return f"{int(', ' in said)} \x1fa{said}{dates}"


def statement(edition: Edition, forms: Forms) -> str:
    if not edition.statement or forms.statement < 0:
        return ""
    number = str(edition.statement)
    if edition.language == ENGLISH:
        number = ORDINALS.get(edition.statement, f"{number}th")
    return f"  \x1fa{STATEMENTS[edition.language][forms.statement].format(number)}"


def imprint(edition: Edition, forms: Forms, indicators: str) -> str:
    """The publisher as the book has it, in short words, or without the name of the firm."""
    publisher = edition.publisher
    if forms.publisher == 1:
        publisher = SHORTER.sub(
            lambda found: f"{''.join(filter(None, found.groups()))}.", publisher
        )
    elif forms.publisher == 2:
        publisher = FIRM.sub("", publisher) or publisher
    date = DATES[forms.date].format(edition.year)
    return f"{indicators}\x1fa{edition.place} :\x1fb{publisher},\x1fc{date}"


def _shortened(found: re.Match[str]) -> str:
    return f"{found[found.lastindex or 0]}."


def extent(edition: Edition, forms: Forms) -> str:
    off = (-3, -2, -1, 1, 2, 3)[forms.place % 6] if forms.counted else 0
    return f"  \x1fa{EXTENTS[edition.language][forms.extent].format(edition.pages + off)}"


def isbn(edition: Edition, forms: Forms) -> Fields:
    """In 13 digits, in ten, with hyphens, with the binding behind it; none, if left out."""
    number = edition.isbn
    if not number or forms.isbn < 0:
        return []
    said = edition.short_isbn if forms.isbn == 1 else number
    if forms.isbn == 2:
        said = f"{said[:3]}-{said[3]}-{said[4:8]}-{said[8:12]}-{said[12]}"
    elif forms.isbn == 3:
        said += " (pbk.)"
    return [(b"020", b"  \x1fa" + said.encode())]


def system_number(edition: Edition, forms: Forms) -> Fields:
    """That of the edition in a shared catalogue."""
    if forms.system_number < 0:
        return []
    return [(b"035", b"  \x1fa(OCoLC)%09d" % (100_000_000 + edition.number))]
