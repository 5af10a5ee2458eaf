"""Which pairs of records are compared: those that share a key in a block small enough.

A coarse key that too many records share is refined by year and publisher, never skipped: so
a popular title costs no more than a rare one and loses nothing that could match.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lianguan.engine.match.features import Features

CAP = 60
"""Records that may share a coarse key; above that its finer keys are used."""

PREFIX = 10


class Key(NamedTuple):
    coarse: str
    fine: tuple[str, ...]
    """Keys that together hold every pair of the coarse one that could match."""


def keys_of(features: Features) -> tuple[Key, ...]:
    """The keys of one record."""
    coarse = [f"i:{isbn}" for isbn in features.isbns]
    coarse += [f"n:{number}" for number in features.numbers]
    coarse += [f"t:{title[:48]}" for title in features.titles]
    if features.titles and features.agents:
        agent = features.agents[0].split(" ", 1)[0]
        coarse.append(f"a:{agent}:{features.titles[0][:PREFIX]}")
    return tuple(Key(key, _finer(key, features)) for key in dict.fromkeys(coarse))


def _finer(key: str, features: Features) -> tuple[str, ...]:
    """By year (a neighbouring year shares a key), by publisher, and by volume: two records of
    one edition that give neither year nor publisher in common could not match anyway."""
    fine = [f"{key}|p:{features.publisher}|{'.'.join(features.parts)}"]
    if features.year:
        fine += [f"{key}|y:{features.year}", f"{key}|y:{features.year + 1}"]
    return tuple(fine)


def all_keys(keys: Iterable[Key]) -> Iterator[str]:
    """Every key under which a record is to be found."""
    for key in keys:
        yield key.coarse
        yield from key.fine
