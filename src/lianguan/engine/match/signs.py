"""A record's features as numbers, by which most pairs of records are told apart (`sieve.py`)."""

import hashlib
import struct
from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from lianguan.engine.match.block import isbn_number
from lianguan.engine.match.features import Features, is_title_alone
from lianguan.engine.match.grouping import Numbers
from lianguan.engine.match.levels import HEAD, both_first, full_title, script_of
from lianguan.engine.text import numerals

# The numbers of a record: first those that every record has.
TITLES, AGENTS, ISBNS, NUMBERS, FULL, REST, SCRIPT, OWN, FIRST, BEGINNING = range(10)
PUBLISHER, ISSUES, YEAR, LAST, EDITION, NAMED, PAGES, VOLUMES, PARTS, KIND = range(10, 20)
WORK, COUNTED, CARRIER, CONTENT, LEVEL, LANGUAGE, SERIES, TITLED, NAMES = range(20, 29)
FIXED = 29
"""Behind them its titles, agents, ISBNs and other numbers, as many as the first four say."""

REVISED, NUMBERED, FACSIMILE, NO_OTHER = 1, 2, 4, 8
"""What an edition is, bits of NAMED; the last is that no other than the first is named."""

HAS_LAST = 1
"""A part is only said to be the last: a bit of COUNTED, above which is how many parts there are."""


class Signed(NamedTuple):
    """The numbers of many records, one record's behind the other's."""

    numbers: Numbers
    starts: Numbers
    """Where those of each record begin."""


def signed(features: Iterable[Features]) -> Signed:
    """Records as numbers, in their order."""
    return put_together(map(sign, features))


def put_together(found: Iterable[bytes]) -> Signed:
    """What `sign` gave, of many records."""
    numbers, sizes = bytearray(), array("q")
    for one in found:
        numbers += one
        sizes.append(len(one) >> 3)
    counts = np.frombuffer(sizes, np.int64)
    return Signed(np.frombuffer(numbers, np.int64), np.cumsum(counts) - counts)


def sign(features: Features) -> bytes:
    """A record's features as int64. Texts are their hashes, which but for that of the work mean
    something only in this process and those that it forks."""
    f = features
    full = full_title(f)
    isbns = [isbn_number(isbn) for isbn in f.isbns]
    said = (
        len(f.titles),
        len(f.agents),
        len(isbns),
        len(f.numbers),
        hash(full),
        hash(f.rest),
        hash(script_of(f.rest)) if f.rest else 0,
        hash(f.own),
        hash(f.titles[0]) if f.titles else 0,
        hash(full[:HEAD]),
        hash(f.publisher),
        f.publisher in f.agents,
        f.year,
        f.last_year,
        hash(f.edition),
        edition_bits(f),
        f.pages,
        f.volumes,
        hash(f.parts),
        kind_of(f),
        work_number(f.work),
        len(f.parts) << 1 | (numerals.LAST in f.parts),
        hash(f.carrier),
        hash(f.content),
        hash(f.level),
        hash(f.language),
        hash(f.series) if f.series else 0,
        hash((f.titles, f.rest, f.own, f.parallel)),
        hash(f.agents),
        *map(hash, f.titles),
        *map(hash, f.agents),
        *isbns,
        *map(hash, f.numbers),
    )
    return struct.pack(f"<{len(said)}q", *said)


def edition_bits(f: Features) -> int:
    """What the edition is, where that matters to whether two differ."""
    return (
        REVISED * (f.edition == "revised")
        | NUMBERED * f.edition.isdigit()
        | FACSIMILE * (f.edition == "facsimile")
        | NO_OTHER * both_first(f, f)
    )


TITLE_ALONE = 1 << 62
"""From here on the numbers of works that only a title names, and nobody who made them."""


def work_number(work: str) -> int:
    """The key of a work as a number of 63 bits, the same in every run; 0 for none."""
    if not work:
        return 0
    digest = hashlib.blake2b(work.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big") >> 2
    return number | TITLE_ALONE if is_title_alone(work) else number


def kind_of(f: Features) -> int:
    """Two records of one kind have no veto between them. The year is not part of it: vetoes ask
    for it only where editions or series differ."""
    edition = "" if f.edition == numerals.FIRST else f.edition
    said = (f.parts, edition, f.volumes, f.carrier, f.content, f.level, f.language, f.series)
    return hash(said)
