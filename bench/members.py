"""The files of thirty invented members whose records overlap, for the speed of a union.

    python -m bench.members RECORDS FOLDER COUNT

Every record is a real one of `generator.pool`, a book, in which is planted what makes it a copy
of an invented edition: 001, 008/06-14 and 35-37, 020, 100, 245, 250, 260 or 264, 300, and the
number of 035 where it had one. What named the edition it was of (other numbers, other titles,
links, and these in another script) is left out; of the rest some libraries keep less. All
copies of an edition, and all editions of a work, are of one real record: as in life they agree
in subjects and notes, and as in `resampled` these come back in other books.

Records are 800 bytes long. 55 % of the titles are English, 40 % Chinese, 5 % Tibetan. A million
records are of 454,159 editions, of which two in three have one copy and a few have thirty; 12 %
are another edition, volume or year of a book that is there. Titles collide at least as real ones
do. Of the 27,118 books of the pool that differ in title, year or author, 14 % have a title that
another has too (English ones 15 %); of 27,806 in a Chinese school library 12 %, of 20,863 on
Douban 27 %, of 5,626 Tibetan works 11 %. Of 27,237 planted editions it is 27 % (English 26,
Chinese 29, Tibetan 21 %), half of them editions of one work. Real copies differ in more ways
than planted ones: nothing about quality is to be read from these files.

Made once: delete the folder to have them made again.
"""

import gc
import json
import re
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench import generator
from bench.members_copies import forms
from bench.members_editions import Edition, editions
from bench.members_plan import LIBRARIES, Plan, arriving, mixed, planned
from bench.members_records import Donor, donor_of, joined, part, written
from bench.members_words import Whole, Words, chinese, english, tibetan
from lianguan.engine.read import iso2709
from lianguan.engine.read.iso2709 import Fields

TO_COME = 30, 33_000
"""Of the records that the first member will have next: one for so many of all, and the most."""
ARRIVALS = "arrivals"
"""The file of these, and of their truth."""
BATCH = 1 << 14
NUMBERS = (b"%09d", b"b%08d", b"m%07d")
"""How libraries write their control numbers, in turn."""
ORDER = 400
"""What is drawn for the order of the records in a file."""
CODES = tuple(f"M{i:02}" for i in range(1, LIBRARIES + 1))


class World(NamedTuple):
    """What all records are made of."""

    plan: Plan
    words: tuple[Words, ...]
    donors: list[Donor]


class Delivery(NamedTuple):
    """A file to be written."""

    stem: str
    library: int
    copies: Whole
    """Their numbers, in the order of the file."""
    editions: Whole
    """The number of each one's edition."""
    first: int
    """The control number that is given first."""


def make(records: Path, folder: Path, count: int) -> dict[str, Path]:
    """The file of each member by its code, the largest first, `count` records together. They
    stand in a folder of their own, each with its truth beside it (M01.tsv: library, control
    number, edition, work). `records` is the folder of the shared sets."""
    made = folder / f"members-{count}"
    if not made.exists():
        unfinished = made.with_suffix(".part")
        unfinished.mkdir(parents=True, exist_ok=True)
        world = world_of(records, count)
        gc.freeze()  # it stays to the end: to look for garbage in it again and again takes time
        for delivery in deliveries(world.plan):
            write(unfinished, delivery, world)
        unfinished.rename(made)
    return {code: made / f"{code}.mrc" for code in CODES}


def world_of(records: Path, count: int) -> World:
    pool = generator.pool(records)
    fields = [iso2709.sound_fields(record) or [] for record in pool]
    donors = list(filter(None, map(donor_of, pool, fields)))
    if not donors:
        raise FileNotFoundError(f"no sound records of books in {records}")
    words = (english(fields), chinese(records), tibetan(records))
    return World(planned(count, _to_come(count) // 3), words, donors)


def _to_come(count: int) -> int:
    one_for, most = TO_COME
    return min(count // one_for, most)


def deliveries(plan: Plan) -> Iterator[Delivery]:
    """A file of each member, and one of what the first will have next."""
    for library, code in enumerate(CODES):
        held = np.flatnonzero(plan.library == library)
        copies = held[np.argsort(mixed(held, ORDER))]
        yield Delivery(code, library, copies, plan.edition[copies].astype(np.int64), 1)
    following = arriving(plan, 0, _to_come(len(plan.edition)))
    copies = len(plan.edition) + np.arange(len(following))
    size = int((plan.library == 0).sum())
    yield Delivery(ARRIVALS, 0, copies, following, size + 1)


def write(folder: Path, delivery: Delivery, world: World) -> None:
    path = folder / f"{delivery.stem}.mrc"
    code = CODES[delivery.library]
    with path.open("wb") as file, path.with_suffix(".tsv").open("w", encoding="ascii") as truth:
        for number, edition, record in _records(delivery, world):
            file.write(record)
            truth.write(f"{code}\t{number.decode()}\t{edition.number}\t{edition.work}\n")


def _records(delivery: Delivery, world: World) -> Iterator[tuple[bytes, Edition, bytes]]:
    style = NUMBERS[delivery.library % len(NUMBERS)]
    for at in range(0, len(delivery.copies), BATCH):
        batch = slice(at, at + BATCH)
        described = editions(delivery.editions[batch], world.plan, world.words, len(world.donors))
        rows = zip(described, forms(delivery.copies[batch]), strict=True)
        for i, (edition, form) in enumerate(rows, delivery.first + at):
            number = style % i
            yield number, edition, written(number, edition, form, world.donors[edition.donor])


def delta(files: dict[str, Path], folder: Path, count: int) -> Path:
    """What the first, largest member sends one night: `count` records in the order of their
    control numbers. Of ten, six are changed (a subtitle, an extent or a note), one is sent
    though nothing has changed, three are new: two of them of editions that other members have.
    The truth of the new ones is in `arrivals.tsv` beside the files. A delta has at most a ninth
    of the records of all members."""
    sent = files[CODES[0]]
    path = folder / f"delta-{count}-of-{sent.parent.name}.mrc"
    if not path.exists():
        new = count * 3 // 10
        known = enumerate(_first(sent, count - new, size_of(sent)))
        gone_over = (record if i % 7 == 6 else changed(record, i) for i, record in known)
        arrivals = _first(sent.with_name(f"{ARRIVALS}.mrc"), new, new)
        folder.mkdir(parents=True, exist_ok=True)
        generator.write(path, chain(gone_over, arrivals))
    return path


def size_of(path: Path) -> int:
    """The records of a file that `make` has made."""
    return path.with_suffix(".tsv").read_bytes().count(b"\n")


def _first(path: Path, count: int, among: int) -> Iterator[bytes]:
    """So many records from all over the first `among` of a file."""
    if max(count, among) > size_of(path):
        raise ValueError(f"{path.name} has {size_of(path)} records, not {max(count, among)}")
    wanted = {i * among // count for i in range(count)}
    return (record for i, record in enumerate(records_of(path)) if i in wanted)


def records_of(path: Path) -> Iterator[bytes]:
    """Of a file that is known to be sound."""
    with path.open("rb") as file:
        while length := file.read(5):
            yield length + file.read(int(length) - 5)


def changed(record: bytes, which: int) -> bytes:
    """The record as a cataloguer has gone over it."""
    fields = iso2709.sound_fields(record) or []
    change = CHANGES[which % len(CHANGES)]
    return joined((record[5:12], record[17:24]), part(change(fields)))


def _other_subtitle(fields: Fields) -> Fields:
    """Left out where there is one."""
    added = b" :\x1fbwith an index"
    return [(tag, _with_subtitle(data, added) if tag == b"245" else data) for tag, data in fields]


def _with_subtitle(title: bytes, added: bytes) -> bytes:
    before, mark, after = title.partition(b" /\x1fc")
    text, has_one, _ = before.partition(b" :\x1fb")
    return text + (b"" if has_one else added) + mark + after


def _other_extent(fields: Fields) -> Fields:
    return [(tag, _counted_again(data) if tag == b"300" else data) for tag, data in fields]


def _counted_again(extent: bytes) -> bytes:
    """One page more; without a number of pages, with one."""
    found = PAGES.search(extent)
    if not found:
        return extent.replace(b"\x1fa", b"\x1fa256 p. in ", 1)
    return extent[: found.start()] + b"%d" % (int(found[0]) + 1) + extent[found.end() :]


def _another_note(fields: Fields) -> Fields:
    at = next((i for i, (tag, _) in enumerate(fields) if tag > b"500"), len(fields))
    return [*fields[:at], (b"500", b"  \x1faSeen again by the cataloguer."), *fields[at:]]


PAGES = re.compile(rb"\d{2,}")
CHANGES = (_other_subtitle, _other_extent, _another_note)


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({code: str(path) for code, path in made.items()}))
