"""Where a member's record says something else than the others of its entry: what may be wrong in
it, the surest first.

Nobody is right because others are many; a person looks. What is surest is a wrong check digit,
then a year that nobody else gives while two libraries or more agree on another.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from lianguan.engine.mapping.numbers import DASHES, isbn13
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.match.levels import dice
from lianguan.engine.record import Record
from lianguan.engine.text.fold import HAN, TIBETAN, fold
from lianguan.engine.text.names import publisher_key
from lianguan.engine.union.access import Access
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.entries import record_of, records_of

WRONG_NUMBER, ALONE_AGAINST_TWO, AGAINST_TWO, AGAINST_ONE = range(4)
"""How sure it is that something is wrong; the smaller the surer."""

ALIKE = 0.5
"""Share of neighbouring characters from which on two titles are spellings of one."""

AGREED = 2
"""Libraries that together weigh more than one."""


class Difference(NamedTuple):
    """One slot of one record."""

    surety: int
    number: str
    """Of the member's record."""
    entry: str
    slot: str
    """isbn, year, publisher, extent, title."""
    own: str
    others: str
    """What most of the others say; "" where a number is wrong and nobody else gives one."""
    by: tuple[str, ...]
    """The libraries that say so, in order."""


class Compared(NamedTuple):
    """A slot that is compared: how a record says it, and the form in which that is compared."""

    slot: str
    said: Callable[[Record], str]
    key: Callable[[Record, Features], str]
    differs: Callable[[str, str], bool] = lambda a, b: a != b


def _publisher(record: Record) -> str:
    return next((p.publisher for p in record.publications if p.publisher), "")


def _title(record: Record) -> str:
    return record.title.text if record.title else ""


def _is_other_spelling(a: str, b: str) -> bool:
    """Not the longer form of the same, nor the title of the series for that of the part."""
    return a not in b and b not in a and dice(a, b) >= ALIKE


def _is_other_publisher(a: str, b: str) -> bool:
    return not (a in b or b in a) and _script(a) == _script(b)


def _script(text: str) -> str:
    return "han" if HAN.search(text) else "tibetan" if TIBETAN.search(text) else "other"


COMPARED = (
    Compared("year", lambda r: str(r.year or ""), lambda r, f: str(f.year or "")),
    Compared("publisher", _publisher, lambda r, f: publisher_key(_publisher(r)),
             _is_other_publisher),
    Compared("extent", lambda r: r.extent.text if r.extent else "",
             lambda r, f: str(f.pages or "")),
    Compared("title", _title, lambda r, f: fold(_title(r)), _is_other_spelling),
)  # fmt: skip
LIKE_ISBN = re.compile(r"\d{9}[\dXx]|\d{13}")


def differences(opened: UnionCatalogue, library: str) -> list[Difference]:
    """The differences of a member's records from those of members that let theirs be exported,
    the surest first."""
    access = Access(opened.sources.profiles(), "exported", library)
    rows = opened.connection.execute(
        "SELECT number, kept, entry FROM descriptions WHERE library = ? ORDER BY number", (library,)
    )
    found: list[Difference] = []
    for number, kept, entry in rows:
        own = record_of(opened.connection, opened.packing, access, library, number, kept)
        records = records_of(opened.connection, opened.packing, access, entry)
        others = {k: r for k, r in records.items() if k.partition(":")[0] != library}
        found += (one._replace(number=number, entry=entry) for one in of_record(own, others))
    return sorted(found, key=lambda one: (one.surety, -len(one.by), one.slot, one.number))


def of_record(own: Record, others: Mapping[str, Record]) -> Iterator[Difference]:
    """The differences of one record from others, by record key."""
    yield from _wrong_numbers(own, others)
    mine, theirs = features_of(own), {key: features_of(one) for key, one in others.items()}
    for row in COMPARED:
        if mine.level == "serial" and row.slot in ("year", "extent"):
            continue
        said = _said(row, others, theirs)
        key = row.key(own, mine)
        if not key or not said:
            continue
        most = min(said, key=lambda one: (-len(said[one][0]), one))
        by, wording = said[most]
        libraries = {library for named, _ in said.values() for library in named}
        if 2 * len(by) > len(libraries) and row.differs(key, most):
            surety = _surety(row, key in said, len(by))
            yield Difference(surety, "", "", row.slot, row.said(own), wording, tuple(sorted(by)))


def _surety(row: Compared, is_shared: bool, count: int) -> int:
    if count < AGREED or is_shared:
        return AGAINST_ONE
    return ALONE_AGAINST_TWO if row.slot == "year" else AGAINST_TWO


def _said(
    row: Compared, others: Mapping[str, Record], theirs: Mapping[str, Features]
) -> dict[str, tuple[set[str], str]]:
    """Compared form → the libraries that say so, and how the first of them writes it."""
    found: dict[str, tuple[set[str], str]] = {}
    for key, record in sorted(others.items()):
        form = row.key(record, theirs[key])
        if form:
            found.setdefault(form, (set(), row.said(record)))[0].add(key.partition(":")[0])
    return found


def _wrong_numbers(own: Record, others: Mapping[str, Record]) -> Iterator[Difference]:
    """ISBNs whose check digit is wrong, with what others give."""
    wrong = [i.value for i in own.identifiers if i.scheme == "isbn" and not i.valid]
    valid: dict[str, set[str]] = defaultdict(set)
    for key, record in others.items():
        for one in record.identified("isbn"):
            valid[one.value].add(key.partition(":")[0])
    for text in wrong:
        digits = text.translate(DASHES)
        if LIKE_ISBN.fullmatch(digits) and not isbn13(digits):
            number, by = _nearest(digits, valid)
            yield Difference(WRONG_NUMBER, "", "", "isbn", text, number, tuple(sorted(by)))


def _nearest(digits: str, valid: Mapping[str, set[str]]) -> tuple[str, Iterable[str]]:
    """Of the numbers that others give the one with most digits in common."""
    said = digits[-10:-1]
    best = max(
        sorted(valid), key=lambda one: (_alike(one[3:12], said), len(valid[one])), default=""
    )
    return (best, valid[best]) if best else ("", ())


def _alike(a: str, b: str) -> int:
    return sum(x == y for x, y in zip(a, b, strict=True))
