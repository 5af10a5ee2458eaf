"""Which pairs of records are compared: those that share a key in a block small enough.

A coarse key that too many records share is refined by year, publisher, volume or beginning of
the title, never skipped: so a popular title costs no more than a rare one. What this module
promises: two records that `decide` calls *same* share a coarse key and, under it, a finer one.
So which blocks happen to be crowded changes how much is compared, never what is found.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import HEAD, OPEN_YEARS, full_title

CAP = 60
"""Records that may share a coarse key; above that its finer keys are used."""

LENGTH = 48
"""Characters of a title that are enough to tell it from others."""


class Key(NamedTuple):
    coarse: str
    fine: tuple[str, ...]
    """Keys that together hold every pair of the coarse one that could match."""


def keys_of(features: Features) -> tuple[Key, ...]:
    """The keys of one record: by number, by title, and by the beginning of the title with the
    year and one of those who made the book."""
    numbers = [f"i:{isbn}" for isbn in features.isbns] + [f"n:{n}" for n in features.numbers]
    keys = [Key(key, _by_head(key, features)) for key in numbers]
    keys += [Key(key, _by_year_or_publisher(key, features)) for key in _title_keys(features)]
    parts = ".".join(features.parts)
    keys += [Key(key, (f"{key}|{parts}",)) for key in _maker_keys(features)]
    return tuple(keys)


def _title_keys(features: Features) -> Iterable[str]:
    titles = (*features.titles, *features.parallel, full_title(features), features.own)
    return dict.fromkeys(f"t:{title[:LENGTH]}" for title in titles if title)


def _maker_keys(features: Features) -> Iterable[str]:
    """For titles that begin alike and are not the same: then the year is, and an agent or the
    publisher."""
    if not features.titles or not features.year:
        return ()
    begun = f"x:{full_title(features)[:HEAD]}:{features.year}"
    makers = [f"{begun}:a:{agent}" for agent in features.agents]
    if features.publisher:
        makers.append(f"{begun}:p:{features.publisher}")
    return dict.fromkeys(makers)


def _by_head(key: str, features: Features) -> tuple[str, ...]:
    """Under one number only titles that begin alike can be the same."""
    titles = (*features.titles, full_title(features), features.own)
    return tuple(dict.fromkeys(f"{key}|{title[:HEAD]}" for title in titles if title))


def _by_year_or_publisher(key: str, features: Features) -> tuple[str, ...]:
    """Under one title the year is the same, or one gives none and publisher and part are the
    same; the name of a part stands for it."""
    fine = [f"{key}|p:{features.publisher}|{'.'.join(features.parts)}"]
    if features.own and key == f"t:{features.own[:LENGTH]}":
        fine.append(f"{key}|p:{features.publisher}|")
    fine += [f"{key}|y:{year}" for year in _years(features)]
    return tuple(fine)


def _years(features: Features) -> Iterable[int]:
    """The year, and those that the record leaves open."""
    if not features.year:
        return ()
    last = features.last_year
    is_open = 0 < last - features.year <= OPEN_YEARS
    return range(features.year, (last if is_open else features.year) + 1)


def all_keys(keys: Iterable[Key]) -> Iterator[str]:
    """Every key under which a record is to be found."""
    for key in keys:
        yield key.coarse
        yield from key.fine
