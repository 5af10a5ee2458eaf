"""Records as bytes: the planted fields of a copy between those of a real record, as ISO 2709."""

from itertools import accumulate
from typing import NamedTuple

from bench.members_copies import Forms, isbn, planted, system_number
from bench.members_editions import Edition
from lianguan.engine.read.iso2709 import Fields

CODES = (b"eng", b"chi", b"tib")
"""Of the languages, in field 008."""


class Part(NamedTuple):
    """Fields of a real record that follow each other, ready to be put into another."""

    cells: bytes
    """Of the directory, with a %09d for length and place of each field."""
    lengths: tuple[int, ...]
    body: bytes


NOTHING = Part(b"", (), b"")
PLACE = b"%09d"


def part(fields: Fields) -> Part:
    if not fields:
        return NOTHING
    texts = [text for _, text in fields]
    cells = PLACE.join([tag for tag, _ in fields]) + PLACE
    return Part(cells, tuple([len(text) + 1 for text in texts]), b"\x1e".join(texts) + b"\x1e")


class Donor(NamedTuple):
    """A real record without what is planted in it and what names the edition that it was of."""

    leader: tuple[bytes, bytes]
    """What stands before and behind the place of the fields."""
    control: Fields
    coded: bytes
    """Field 008."""
    numbers: Fields
    """Fields 010 to 099."""
    rest: tuple[Part, ...]
    """Fields behind 300, in the ways in which libraries keep them."""
    imprint: bytes
    """260 or 264."""
    has_number: bool
    """It had a number of a shared catalogue."""


NAMING = frozenset(
    b"010 013 015 016 019 020 022 024 027 028 030 035 037 041 074 086 088 546"
    b" 730 740 765 767 770 772 773 774 775 776 777 780 785 786 787".split()
)
"""Fields that would say of which edition, title or language the real record was."""


def donor_of(record: bytes, fields: Fields) -> Donor | None:
    """None for what is no book in good order: only texts that are monographs give the rest."""
    coded = [data for tag, data in fields if tag == b"008"]
    if record[6:8] != b"am" or record[5:6] == b"d" or [len(data) for data in coded] != [40]:
        return None
    kept = [(tag, data) for tag, data in fields if not _is_naming(tag, data)]
    rest = [(tag, data) for tag, data in kept if tag > b"300"]
    return Donor(
        (record[5:9] + b"a22", record[17:24]),
        [(tag, data) for tag, data in kept if b"001" < tag < b"008"],
        coded[0],
        [(tag, data) for tag, data in kept if b"010" <= tag < b"100"],
        (part(rest), part(_without_notes(rest)), part(_with_two_subjects(rest))),
        b"264" if any(tag == b"264" for tag, _ in fields) else b"260",
        any(tag == b"035" and b"(OCoLC)" in data for tag, data in fields),
    )


def _is_naming(tag: bytes, data: bytes) -> bool:
    """Of a field in another script: what it is linked to."""
    if tag == b"880":
        tag = data[4:7] if data[2:4] == b"\x1f6" else b"100"
    return tag in NAMING or b"100" <= tag <= b"300"


def _without_notes(fields: Fields) -> Fields:
    return [(tag, data) for tag, data in fields if not b"500" <= tag < b"600" and tag < b"900"]


def _with_two_subjects(fields: Fields) -> Fields:
    """And without names, links and what is the library's own."""
    subjects = [(tag, data) for tag, data in fields if b"600" <= tag < b"700"][:2]
    return [(tag, data) for tag, data in fields if tag < b"600"] + subjects


def written(number: bytes, edition: Edition, forms: Forms, donor: Donor) -> bytes:
    """The copy as ISO 2709."""
    year = b"s%04d    " % edition.year
    coded = donor.coded[:6] + year + donor.coded[15:35] + CODES[edition.language] + donor.coded[38:]
    fields = [(b"001", number), *donor.control, (b"008", coded), *isbn(edition, forms)]
    if donor.has_number:
        fields += system_number(edition, forms)
    fields += donor.numbers
    fields += planted(edition, forms, donor.imprint)
    return joined(donor.leader, part(fields), donor.rest[forms.kept])


def joined(leader: tuple[bytes, bytes], first: Part, rest: Part = NOTHING) -> bytes:
    """Leader, directory and fields; the figures of the leader are counted anew."""
    lengths = first.lengths + rest.lengths
    places = accumulate(lengths, initial=0)
    cells = [length * 100_000 + at for length, at in zip(lengths, places, strict=False)]
    directory = (first.cells + rest.cells) % tuple(cells)
    base = 25 + len(directory)
    size = base + len(first.body) + len(rest.body) + 1
    head = b"%05d%s%05d%s" % (size, leader[0], base, leader[1])
    return b"".join((head, directory, b"\x1e", first.body, rest.body, b"\x1d"))
