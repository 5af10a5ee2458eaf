"""Which pairs of records are compared: those that share a key in a block small enough.

A coarse key that too many records share is refined by year, publisher, volume or beginning of
the title, never skipped: so a popular title costs no more than a rare one. What this module
promises: two records that `decide` calls *same* share a coarse key and, under it, a finer one.
So which blocks happen to be crowded changes how much is compared, never what is found.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers, bounds_of, unique_rows
from lianguan.engine.match.levels import HEAD, OPEN_YEARS, full_title

ODD = np.uint64(0x9E3779B97F4A7C15)
SIXTY_THREE_BITS = np.uint64((1 << 63) - 1)

CAP = 60
"""Records that may share a coarse key; above that its finer keys are used."""

AT_ONCE = 10_000
"""Records whose keys are in memory together."""

LENGTH = 48
"""Characters of a title that are enough to tell it from others."""


def coarse_keys(features: Features) -> tuple[str, ...]:
    """The coarse keys of one record, each once: by number, by title, by the beginning of the
    title with the year and one of those who made the book, and by agent, year and extent."""
    full = full_title(features)
    keys = _number_keys(features) + _title_keys(features, full)
    keys += _maker_keys(features, full) + _extent_keys(features)
    return tuple(dict.fromkeys(keys))


def fine_keys(key: str, features: Features) -> tuple[str, ...]:
    """The finer keys of a record under one of its coarse keys."""
    if key.startswith("t:"):
        return _by_year_or_publisher(key, features)
    if key.startswith(("x:", "e:")):
        return (f"{key}|{'.'.join(features.parts)}",)
    return _by_head(key, features)


def coarse_postings(records: Iterable[tuple[int, Features]]) -> Numbers:
    """Records under their coarse keys: rows of (number of the key, record), in their order."""
    coming = iter(records)
    found = [np.empty((2, 0), np.int64)]
    while some := list(itertools.islice(coming, AT_ONCE)):
        keys = [coarse_keys(one) for _, one in some]
        whose = np.repeat(np.array([record for record, _ in some]), [len(one) for one in keys])
        found.append(np.stack([numbers_of([key for one in keys for key in one]), whose]))
    return np.concatenate(found, axis=1).T


def finer(records: Mapping[int, Features], crowded: Collection[int]) -> list[tuple[int, str]]:
    """Records, each with a finer key in place of every crowded one that it stands under."""
    keyed = [(record, key) for record, one in records.items() for key in coarse_keys(one)]
    numbers = numbers_of([key for _, key in keyed]).tolist()
    return [
        (record, fine)
        for (record, key), number in zip(keyed, numbers, strict=True)
        if number in crowded
        for fine in fine_keys(key, records[record])
    ]


def fine_postings(keyed: Sequence[tuple[int, str]]) -> Numbers:
    """Records under their finer keys: rows of (number of the key, record), sorted, each once."""
    records = np.array([record for record, _ in keyed], np.int64)
    return unique_rows(np.column_stack([numbers_of([fine for _, fine in keyed]), records]))


def crowd_sizes(postings: Numbers) -> Numbers:
    """Of each of sorted postings how many share its key."""
    members = np.diff(bounds_of(postings[:, 0]))
    return np.repeat(members, members)


def _number_keys(features: Features) -> list[str]:
    return [f"i:{isbn}" for isbn in features.isbns] + [f"n:{n}" for n in features.numbers]


def _title_keys(features: Features, full: str) -> list[str]:
    titles = (*features.titles, *features.parallel, full, features.own)
    return [f"t:{title[:LENGTH]}" for title in titles if title]


def _maker_keys(features: Features, full: str) -> list[str]:
    """For titles that begin alike and are not the same: then the year is, and an agent or the
    publisher."""
    if not features.titles or not features.year:
        return []
    begun = f"x:{full[:HEAD]}:{features.year}"
    makers = [f"{begun}:a:{agent}" for agent in features.agents]
    if features.publisher:
        makers.append(f"{begun}:p:{features.publisher}")
    return makers


def _extent_keys(features: Features) -> list[str]:
    """For titles that do not even begin alike: then agent, year and extent are the same."""
    if not features.year:
        return []
    sizes = [f"{features.year}:{size}" for size in _sizes(features)]
    return [f"e:{agent}:{size}" for agent in features.agents for size in sizes]


def _sizes(features: Features) -> list[str]:
    """Pages, and volumes, as far as they are known."""
    known = (("p", features.pages), ("v", features.volumes))
    return [f"{kind}{count}" for kind, count in known if count]


def _by_head(key: str, features: Features) -> tuple[str, ...]:
    """Under one number only titles that begin alike can be the same."""
    titles = (*features.titles, full_title(features), features.own)
    return tuple(dict.fromkeys(f"{key}|{title[:HEAD]}" for title in titles if title))


def _by_year_or_publisher(key: str, features: Features) -> tuple[str, ...]:
    """Under one title the year is the same, or the extent; or one gives no year, and publisher and
    part are the same; the name of a part stands for it."""
    fine = [f"{key}|p:{features.publisher}|{'.'.join(features.parts)}"]
    if features.own and key == f"t:{features.own[:LENGTH]}":
        fine.append(f"{key}|p:{features.publisher}|")
    fine += [f"{key}|y:{year}" for year in _years(features)]
    fine += [f"{key}|{size}" for size in _sizes(features)]
    return tuple(fine)


def _years(features: Features) -> Iterable[int]:
    """The year, and those that the record leaves open."""
    if not features.year:
        return ()
    last = features.last_year
    is_open = 0 < last - features.year <= OPEN_YEARS
    return range(features.year, (last if is_open else features.year) + 1)


def numbers_of(keys: Sequence[str]) -> Numbers:
    """Keys as numbers of 63 bits, 0 for "": the same in every run, since Python's hash of a
    number is its rest by a prime. That two keys share one only means one comparison more."""
    return mixed(np.array([hash(int.from_bytes(key.encode(), "big")) for key in keys], np.uint64))


def isbn_number(isbn: str) -> int:
    """An ISBN as a number of 63 bits, above zero, each one's own."""
    return int(isbn) * int(ODD) & int(SIXTY_THREE_BITS)


def mixed(numbers: npt.NDArray[np.uint64]) -> Numbers:
    """Numbers spread over 63 bits, so that their first bits part them evenly."""
    return (numbers * ODD & SIXTY_THREE_BITS).astype(np.int64)
