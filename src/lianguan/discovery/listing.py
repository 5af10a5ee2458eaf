"""Entries in lists: results, a shelf of new ones, editions of a work."""

import operator
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lianguan.discovery.covers import Cover, cover_of
from lianguan.engine.merge import Shown
from lianguan.engine.search.index import Hit
from lianguan.engine.union.indexing import class_of


class Result(NamedTuple):
    """An entry that was found."""

    hit: Hit
    title: str
    also: str
    """The other title information, which stands below."""
    cover: Cover
    libraries: tuple[str, ...]
    """Their names."""
    others: int
    """Other editions of the work."""


def result(hit: Hit, names: Mapping[str, str], others: int) -> Result:
    """What is shown of an entry that was found."""
    title, _, also = hit.title.partition(" : ")
    cover = cover_of(hit.title, hit.class_number, hit.agents)
    libraries = tuple(names.get(code, code) for code in hit.libraries)
    return Result(hit, title, also, cover, libraries, others)


class Listed(NamedTuple):
    """An entry on a shelf, or beside the other editions of its work."""

    address: str
    title: str
    said: tuple[str, ...]
    """Edition, who published it, and when."""
    by: str
    format: str
    cover: Cover
    libraries: tuple[str, ...]
    is_here: bool = False
    """It is the one whose page this is."""


def listed(address: str, shown: Shown, *, is_here: bool = False) -> Listed:
    """What is said of an entry in a list."""
    heading = " ".join(filter(None, (shown.title.value, shown.parts.value)))
    title = " : ".join(filter(None, (heading, shown.subtitle.value)))
    agents = tuple(said.value for said in shown.agents)
    said = tuple(filter(None, (shown.edition.value, shown.publisher.value, shown.year.value)))
    by = "；".join(agents[:2])
    cover = cover_of(title, class_of(shown), agents)
    return Listed(address, title, said, by, shown.format.value, cover, shown.libraries, is_here)


def varied(books: Sequence[Listed], count: int) -> list[Listed]:
    """So many of them: of each script in turn, and no two with the same cloth and script where
    that can be. What came last may be a hundred of one kind."""
    seen: set[tuple[str, str]] = set()
    ranks: Counter[str] = Counter()
    ranked = []
    for place, book in enumerate(books):
        kind = book.cover.cloth, book.cover.script
        ranked.append(((kind in seen, ranks[book.cover.script], place), book))
        ranks[book.cover.script] += kind not in seen
        seen.add(kind)
    return [book for _, book in sorted(ranked, key=operator.itemgetter(0))][:count]
