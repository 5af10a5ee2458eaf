"""Holdings that several fields of a record say together, put together.

MARC 21 Format for Holdings Data: 852 says where it is, 853 to 855 the captions of 863 to 865,
tied to them by the number in $8; 866 to 868 say the same in words. Where a record has several
locations, $8 or $0 tells which statement is of which. French UNIMARC ties 930, 955 and 959 by $5.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from lianguan.engine.mapping.functions import code_tables
from lianguan.engine.mapping.numbering import numbered_text
from lianguan.engine.mapping.rows import Field, RowFunction
from lianguan.engine.record import Holding

PLACE, CAPTIONS, NUMBERED, WORDS, MISSING, COPY, RECEIPT = range(7)


class Piece(NamedTuple):
    """What one field says of holdings, until the fields of its record are put together."""

    role: int
    holding: Holding
    links: tuple[str, ...] = ()
    """Numbers that tie it to others."""
    order: int = 0
    """Place among those of one caption."""
    text: str = ""
    """The field itself, of captions and of what stands under them."""
    source: str = ""


KINDS = dict.fromkeys(("854", "864", "867", "877"), "supplement") | dict.fromkeys(
    ("855", "865", "868", "878"), "index"
)
"""Tags of what comes with the serial; others are of the serial itself."""
LINK = re.compile(r"(\d+)(?:\.(\d{1,9}))?")
RECEIPTS = code_tables("marc21")["receipt"]
NOT_PUBLISHED, WORDS_INSTEAD = "4", "23"
"""Second indicators of 863: nobody has it; it is to be shown in the words of 866."""


def piece(role: int, read: RowFunction, ties: str = "80") -> RowFunction:
    """A row function: what `read` makes of a field, as a piece of holdings. `ties` are the
    subfields that tie it to others."""

    def made(field: Field) -> Any:  # a holding or a piece of one
        holding = read(field)
        links = _links(field, ties)
        if holding is None or (role == PLACE and not links):
            return holding
        kind = KINDS.get(field.source[-3:], "")
        return Piece(role, holding._replace(kind=kind), links, 0, "", field.source)

    return made


def captions(field: Field) -> Piece:
    """853 to 855: the words before the numbers of 863 to 865."""
    return Piece(CAPTIONS, NOTHING, _links(field, "8"), 0, field.text, field.source)


def numbered(field: Field) -> Piece | None:
    """863 to 865: numbers and years, whose captions stand in another field."""
    if field.ind2 == NOT_PUBLISHED:
        return None
    match = LINK.match(field["8"])
    order = int(match[2]) if match and match[2] else 0
    return Piece(NUMBERED, NOTHING, _links(field, "8"), order, field.text, field.source)


def receipt(code: str) -> Piece | None:
    """008/06 of a holdings record; that of a bibliographic one has letters and says nothing."""
    said = RECEIPTS.get(code)
    return Piece(RECEIPT, Holding(receipt=said)) if said else None


NOTHING = Holding()


def _links(field: Field, codes: str) -> tuple[str, ...]:
    """The numbers that tie a field to others: of $8 only what stands before the point."""
    if not any(code in field for code in codes):
        return ()
    found = []
    for chunk in field.chunks():
        if chunk[0] == "8" and "8" in codes:
            match = LINK.match(chunk[1:])
            found += [match[1]] if match and int(match[1][:9]) else []
        elif chunk[0] in codes:
            found.append(chunk[1:].strip())
    return tuple(filter(None, found))


def put_together(found: Sequence[Any]) -> tuple[Holding, ...]:
    """The holdings of a record: each statement and each copy with the place where it is."""
    if Piece not in map(type, found):
        return tuple(found)
    return tuple(_Together(found).holdings())


class _Together:
    """The pieces of one record, by what they are."""

    def __init__(self, found: Sequence[Any]) -> None:
        self.by_role: dict[int, list[Piece]] = defaultdict(list)
        self.others: list[Holding] = []
        for one in found:
            if isinstance(one, Piece):
                self.by_role[one.role].append(one)
            elif one.source.endswith("852"):
                self.by_role[PLACE].append(Piece(PLACE, one))
            else:
                self.others.append(one)

    def holdings(self) -> Iterator[Holding]:
        statements = self._at_places([*self.by_role[WORDS], *self._under_captions()])
        lacking, copies = (self._at_places(self.by_role[role]) for role in (MISSING, COPY))
        said = "".join(one.holding.receipt for one in self.by_role[RECEIPT][:1])
        places = [one.holding for one in self.by_role[PLACE]]
        for i, place in enumerate((*places, NOTHING)):
            for holding in at_place(place, statements[i], lacking[i], copies[i]):
                yield holding._replace(receipt=said) if said and not holding.kind else holding
        yield from self.others

    def _at_places(self, pieces: Iterable[Piece]) -> dict[int, list[Holding]]:
        """By the number of the place to which they are tied, or of the only one there is; the
        number behind the last stands for nowhere."""
        places = self.by_role[PLACE]
        tied = {link: i for i in reversed(range(len(places))) for link in places[i].links}
        nowhere = 0 if len(places) == 1 else len(places)
        found: dict[int, list[Holding]] = defaultdict(list)
        for one in pieces:
            number = next((tied[link] for link in one.links if link in tied), nowhere)
            found[number].append(one.holding)
        return found

    def _under_captions(self) -> Iterator[Piece]:
        """One statement for all that stands under one caption."""
        words = {(_kind(one), link) for one in self.by_role[WORDS] for link in one.links}
        has_words = {_kind(one) for one in self.by_role[WORDS]}
        groups: dict[tuple[str, str], list[Piece]] = defaultdict(list)
        for one in sorted(self.by_role[NUMBERED], key=lambda one: one.order):
            kind, link = _kind(one), "".join(one.links[:1])
            is_in_words = one.text[1:2] in WORDS_INSTEAD and kind in has_words
            if not is_in_words and (kind, link) not in words:
                groups[kind, link].append(one)
        captions_of = {
            (_kind(one), link): one.text
            for one in reversed(self.by_role[CAPTIONS])
            for link in one.links
        }
        for key, group in groups.items():
            statement = _statement(group, captions_of.get(key, ""), key[0])
            yield group[0]._replace(holding=statement)


def _kind(one: Piece) -> str:
    return KINDS.get(one.source[-3:], "")


def _statement(group: Sequence[Piece], caption: str, kind: str) -> Holding:
    fields = [Field(one.text) for one in group]
    return Holding(
        barcodes=tuple(b.strip() for field in fields for b in field.every("p") if b.strip()),
        volumes=numbered_text(Field(caption), fields),
        note=_joined(note for field in fields for note in field.every("z")),
        source=group[0].source,
        kind=kind,
    )


def at_place(
    place: Holding, statements: list[Holding], lacking: list[Holding], copies: list[Holding]
) -> Iterator[Holding]:
    """What is at one place: its statements with what is missing of them, then its copies; the
    place alone where nothing else is said of it."""
    held = [one for one in statements if one.volumes or one.barcodes]
    notes = [one.note for one in statements if not (one.volumes or one.barcodes)]
    missing = [one.volumes for one in lacking]
    if held or notes or missing:
        first = held[0] if held else NOTHING._replace(source=(statements or lacking)[0].source)
        first = first._replace(
            volumes=_joined((place.volumes, first.volumes), " "),
            note=_joined((place.note, first.note, *notes)),
            barcodes=place.barcodes + first.barcodes,
            copies=place.copies,
            price=place.price,
        )
        if missing:
            first = first._replace(volumes=_joined((first.volumes, *missing), " ; "))
        yield from (_located(place, one) for one in (first, *held[1:]))
    elif place != NOTHING and not (copies and _is_bare(place)):
        yield place
    yield from (_located(place, one) for one in copies)


def _located(place: Holding, one: Holding) -> Holding:
    return one._replace(
        library=one.library or place.library,
        location=one.location or place.location,
        call_number=one.call_number or place.call_number,
    )


def _is_bare(place: Holding) -> bool:
    """It says where, and nothing of what is there."""
    return not (place.barcodes or place.copies or place.volumes or place.note or place.price)


def _joined(texts: Iterable[str], sign: str = "; ") -> str:
    return sign.join(dict.fromkeys(filter(None, texts)))
