"""A record's features as numbers, by which most pairs of records are told apart (`sieve.py`)."""

import hashlib
import struct

from lianguan.engine.match.block import isbn_number
from lianguan.engine.match.features import Features, is_title_alone
from lianguan.engine.match.levels import HEAD, both_first, full_title, script_of
from lianguan.engine.text import numerals

# The numbers of a record: first those that every record has.
TITLES, AGENTS, ISBNS, NUMBERS, FULL, REST, SCRIPT, OWN, FIRST, BEGINNING = range(10)
PUBLISHER, ISSUES, YEAR, LAST, EDITION, REVISED, PAGES, VOLUMES, PARTS, KIND = range(10, 20)
WORK, FIRST_OR_NONE = 20, 21
FIXED = 22
"""Behind them its titles, agents, ISBNs and other numbers, as many as the first four say."""


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
        f.edition == "revised",
        f.pages,
        f.volumes,
        hash(f.parts),
        kind_of(f),
        work_number(f.work),
        both_first(f, f),
        *map(hash, f.titles),
        *map(hash, f.agents),
        *isbns,
        *map(hash, f.numbers),
    )
    return struct.pack(f"<{len(said)}q", *said)


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
