"""What two records are compared by: a small value made once from each record."""

import re
from typing import NamedTuple

from lianguan.engine.record import Record
from lianguan.engine.text.names import name_key, publisher_key
from lianguan.engine.text.numerals import edition_number
from lianguan.engine.text.titles import main_title, rest_of

PAGES = re.compile(r"(\d{1,5})\s*(?:页|頁|p\b|p\.|pages|面|s\.|leaves|ff\.)", re.IGNORECASE)
VOLUMES = re.compile(r"(?:^|\D)(\d{1,4})\s*(?:册|冊|卷|v\b|v\.|vols?|volumes|函|bd)", re.IGNORECASE)


class Features(NamedTuple):
    """All of them texts and numbers, so that they can be kept as JSON."""

    titles: tuple[str, ...] = ()
    """Folded titles proper and parallel, the one shown first; alternatives of each other."""
    rest: str = ""
    parts: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    publisher: str = ""
    year: int = 0
    last_year: int = 0
    edition: str = ""
    isbns: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Other numbers that name one edition: lccn:…, oclc:…, issn:…, unified_book_number:…."""
    pages: int = 0
    volumes: int = 0
    carrier: str = ""
    content: str = ""
    level: str = ""
    language: str = ""
    work: str = ""
    """Key of the work: uniform or first title and first agent; "" where that is too little."""


NAMING = ("lccn", "oclc", "issn", "unified_book_number", "national")


def features_of(record: Record) -> Features:
    """The features of a record."""
    titles, rest, parts = _titles(record)
    agents = tuple(dict.fromkeys(key for name in record.agents if (key := name_key(name))))
    publications = [p for p in record.publications if p.kind == "publication" and p.publisher]
    numbers = (
        f"{i.scheme}:{i.value}" for i in record.identifiers if i.valid and i.scheme in NAMING
    )
    extent = record.extent.text if record.extent else ""
    years = record.years[0] if record.years else None
    return Features(
        titles,
        rest,
        parts,
        agents,
        publisher_key(publications[0].publisher) if publications else "",
        years.first if years else 0,
        (years.last or 0) if years and years.kind in ("span", "questionable") else 0,
        edition_number(record.edition),
        tuple(dict.fromkeys(i.value for i in record.identified("isbn"))),
        tuple(dict.fromkeys(numbers)),
        max((int(n) for n in PAGES.findall(extent)), default=0),
        max((int(n) for n in VOLUMES.findall(extent)), default=0),
        "" if record.carrier == "print" else str(record.carrier),
        str(record.content),
        "serial" if record.level in ("serial", "integrating") else "",
        str(record.languages[0]) if record.languages else "",
        _work(record, titles, agents),
    )


def _titles(record: Record) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Alternative titles, what follows the first one, and the numbers of parts."""
    shown = record.title
    if shown is None:
        return (), "", ()
    first, parts = main_title(shown)
    others = [main_title(t)[0] for t in record.titles if t.kind in ("proper", "parallel")]
    return tuple(dict.fromkeys(filter(None, (first, *others)))), rest_of(shown), parts


def _work(record: Record, titles: tuple[str, ...], agents: tuple[str, ...]) -> str:
    """The uniform or original title if there is one, with the first agent."""
    uniform = next((t for t in record.titles if t.kind == "uniform"), None)
    title = main_title(uniform)[0] if uniform else (titles[0] if titles else "")
    return f"{title}|{agents[0]}" if title and agents else ""
