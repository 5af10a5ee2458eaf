"""What two records are compared by: a small value made once from each record."""

import re
from functools import lru_cache
from typing import NamedTuple

from lianguan.engine.record import Extent, Publication, Record, Title
from lianguan.engine.text.fold import fold
from lianguan.engine.text.names import name_key, publisher_key
from lianguan.engine.text.numerals import edition_number
from lianguan.engine.text.titles import main_title, named_edition, rest_of, volumes_of

PAGED = re.compile(
    r"页|頁|面|\d\]?\s*(?:p|pp|s|l|ℓ|ff)\b|\bp(?:ages?|ág)?\b|leaves|^[\divxlc,\[\] -]+$",
    re.IGNORECASE,
)
VOLUMES = re.compile(r"(?:^|\D)(\d{1,4})\s*(?:册|冊|卷|v\b|v\.|vols?|volumes|函|bd)", re.IGNORECASE)
NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d|\s*(?:cm|mm|厘米))")


class Features(NamedTuple):
    """All of them texts and numbers, so that they can be kept as JSON."""

    titles: tuple[str, ...] = ()
    """Folded titles proper, the one shown first; alternatives of each other."""
    rest: str = ""
    parts: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    publisher: str = ""
    year: int = 0
    last_year: int = 0
    edition: str = ""
    isbns: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Other numbers that name one edition: lccn:…, oclc:…, unified_book_number:…."""
    pages: int = 0
    volumes: int = 0
    carrier: str = ""
    content: str = ""
    level: str = ""
    language: str = ""
    work: str = ""
    """Key of the work: uniform or first title and first agent; "" where that is too little."""
    parallel: tuple[str, ...] = ()
    """Folded parallel titles: a translation may carry the same."""
    own: str = ""
    """Name of the part, where the title proper is that of a series or set: 祁连山丛书 · 河流."""
    series: tuple[str, ...] = ()


NAMING = ("lccn", "oclc", "unified_book_number", "national")
NO_LANGUAGE = ("und", "mul", "zxx", "mis")


def features_of(record: Record) -> Features:
    """The features of a record."""
    shown = record.title
    titles, rest, parts = _titles(record, shown)
    agents = _once([name_key(name) for name in record.agents])
    years = record.years[0] if record.years else None
    level = "serial" if record.level in ("serial", "integrating") else ""
    pages, volumes = _extent(record.extent, shown)
    isbns, numbers = _numbers(record, level)
    return Features(
        titles=titles,
        rest=rest,
        parts=parts,
        agents=agents,
        publisher=_publisher(record.publications),
        year=years.first if years else 0,
        last_year=(years.last or 0) if years and years.kind in ("span", "questionable") else 0,
        edition=edition_number(record.edition or named_edition(rest)),
        isbns=isbns,
        numbers=numbers,
        pages=pages,
        volumes=volumes,
        carrier="" if record.carrier == "print" else str(record.carrier),
        content=str(record.content),
        level=level,
        language=_language(record),
        work=_work(record, titles, agents),
        parallel=_parallel(record, titles),
        own=_own(shown),
        series=_once([fold(one.title) for one in record.series]),
    )


def _once(texts: list[str]) -> tuple[str, ...]:
    """The texts that are not empty, each of them once. Most records have one of a kind."""
    if len(texts) > 1:
        return tuple(dict.fromkeys(filter(None, texts)))
    return tuple(texts) if texts and texts[0] else ()


def _titles(record: Record, shown: Title | None) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Alternative titles, what follows the first one, and the numbers of parts."""
    if shown is None:
        return (), "", ()
    first, parts = main_title(shown)
    others = [t for t in record.titles if t.kind == "proper" and t is not shown]
    return _once([first, *(main_title(t)[0] for t in others)]), rest_of(shown), parts


def _parallel(record: Record, titles: tuple[str, ...]) -> tuple[str, ...]:
    said = [main_title(t)[0] for t in record.titles if t.kind == "parallel"]
    return _once([title for title in said if title not in titles])


def _own(shown: Title | None) -> str:
    if shown is None or not shown.parts:
        return ""
    names = [part.name for part in shown.parts if part.name]
    return fold(names[-1]) if names else ""


def _publisher(publications: tuple[Publication, ...]) -> str:
    for one in publications:
        if one.kind == "publication" and one.publisher:
            return publisher_key(one.publisher)
    return ""


def _numbers(record: Record, level: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(ISBNs, other numbers). An ISSN names a serial; on a book it is that of its series."""
    valid = [i for i in record.identifiers if i.valid]
    if not valid:
        return (), ()
    naming = (*NAMING, "issn") if level else NAMING
    isbns = [i.value for i in valid if i.scheme == "isbn"]
    return (
        tuple(dict.fromkeys(isbns)),
        _once([f"{i.scheme}:{i.value}" for i in valid if i.scheme in naming]),
    )


def _extent(extent: Extent | None, shown: Title | None) -> tuple[int, int]:
    pages, volumes = _counted(extent.text) if extent else (0, 0)
    return pages, max(volumes, volumes_of(shown)) if shown else volumes


@lru_cache(maxsize=1 << 14)
def _counted(text: str) -> tuple[int, int]:
    """(pages, volumes): the longest sequence of pages (xii, 283 p., 8 leaves → 283). Of 50,000
    records nine in ten say what another has said."""
    volumes = map(int, VOLUMES.findall(text))
    pages = NUMBER.findall(VOLUMES.sub(" ", text)) if PAGED.search(text) else []
    return max(map(int, pages), default=0), max(volumes, default=0)


def _language(record: Record) -> str:
    first = str(record.languages[0]) if record.languages else ""
    return "" if first in NO_LANGUAGE else first


def _work(record: Record, titles: tuple[str, ...], agents: tuple[str, ...]) -> str:
    """The uniform or original title if there is one, with the first agent, or with nobody."""
    uniform = [t for t in record.titles if t.kind == "uniform" and not t.source.endswith("730")]
    named = [f"{main_title(t)[0]} {rest_of(t)}".strip() for t in uniform]
    named += [fold(link.title) for link in record.links if link.relation == "original"]
    title = next(filter(None, (*named, *titles)), "")
    return f"{title}|{agents[0] if agents else ''}" if title else ""


def is_title_alone(work: str) -> bool:
    """The key of a work names nobody who made it."""
    return work.endswith("|")


def title_key(features: Features) -> str:
    """The beginning of the title and the volume: an ISBN under which two of these stand is
    shared. "" for a record without a title."""
    if not features.titles:
        return ""
    return f"{features.titles[0].replace(' ', '')[:4]}|{'.'.join(features.parts)}"
