"""What somebody may see of the members' records: by their terms, and of a member's own all."""

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from lianguan.engine.mapping.holdings import Columns
from lianguan.engine.read.iso2709 import sound_fields
from lianguan.engine.record import Holding, Identifier, Record
from lianguan.engine.union import formats
from lianguan.engine.union.database import Connection
from lianguan.engine.union.sent import Sent, SentField
from lianguan.engine.union.sources import Profile
from lianguan.engine.union.terms import COPIES, OF_HOLDINGS, PLACES, by_tag

TOGETHER = (
    tuple(map(str, range(852, 856))) + tuple(map(str, range(863, 869))) + ("876", "877", "878")
)
"""Fields of MARC 21 out of which one statement of holdings is put together."""


class Hiding(NamedTuple):
    """What one member hides."""

    tags: Mapping[str, Mapping[str, str]]
    """Dialect → tag → codes of its subfields, "" for the whole field."""
    whole: frozenset[str]
    """Tags of fields that are hidden whole."""
    headings: frozenset[str]
    """Columns of its tables."""
    holdings: Mapping[str, frozenset[str]]
    """Tag → the parts of a holding that are hidden; "" stands for every field."""
    prices: frozenset[str]
    """Tags whose prices are hidden; "" for all."""


class Access:
    """What is open in one way ("shown", "exported", "harvested"), and to the member `own` all
    that is its own."""

    def __init__(self, profiles: Mapping[str, Profile], way: str, own: str = "") -> None:
        others = {code: profile for code, profile in profiles.items() if code != own}
        self.closed = frozenset(c for c, p in others.items() if not getattr(p.terms, way))
        """The members of whose records nothing is open."""
        self.hiding = {code: _hiding(p) for code, p in others.items() if p.terms.hidden}

    def is_open(self, library: str) -> bool:
        return library not in self.closed

    def among(self, connection: Connection) -> str:
        """A condition of SQL: the row number of a library that is open, to stand after the name
        of the column."""
        marks = ",".join("?" * len(self.closed))
        query = f"SELECT id FROM libraries WHERE code IN ({marks})"  # noqa: S608 - only marks
        rows = connection.execute(query, sorted(self.closed)).fetchall()
        return f"NOT IN ({','.join(str(int(row[0])) for row in rows)})"

    def record(self, library: str, record: Record) -> Record:
        """The record without what its member hides."""
        hiding = self.hiding.get(library)
        return _without(record, hiding) if hiding else record

    def sent(self, library: str, dialect: str, said: Sent) -> tuple[Sent, int]:
        """The record as it was sent without what its member hides, and how many fields that
        touches."""
        hiding = self.hiding.get(library)
        if hiding is None:
            return said, 0
        cut = hiding.tags.get(dialect, {})
        fields = [_sent_without(field, cut, hiding.headings) for field in said.fields]
        touched = sum(new is not old for new, old in zip(fields, said.fields, strict=True))
        kept = tuple(field for field in fields if field is not None)
        return said._replace(fields=kept), touched

    def raw(self, row: Mapping[str, Any], raw: bytes) -> bytes | None:
        """The bytes of a sound ISO 2709 record, without what its member hides; None where it has
        to be written anew."""
        hiding = self.hiding.get(row["library"])
        if hiding is None:
            return raw
        fields = sound_fields(raw)
        if fields is None:
            return None
        cut = hiding.tags.get(row["dialect"], {})
        kept = [(tag, new) for tag, data in fields if (new := _bytes_without(tag, data, cut))]
        return raw if kept == fields else formats.framed(raw[:24], kept)


def _hiding(profile: Profile) -> Hiding:
    names = profile.terms.hidden
    fields = [name for name in names if re.match(r"\d{3}(\$|$)", name)]
    words = [name for name in names if name in PLACES]
    headings = {name for name in names if name not in fields and name not in words}
    if "price" in words:
        headings |= {said for said, read_as in profile.recognised.items() if read_as == "price"}
    local = [
        f"{tag}${code}"
        for tag, columns in profile.holdings.items()
        for code in columns.get("price", "")
        if "price" in words
    ]
    tags = {
        dialect: by_tag([*fields, *local, *(p for w in words for p in PLACES[w][dialect])])
        for dialect in PLACES["price"]
    }
    said = by_tag(fields)
    read_as = {profile.recognised[heading] for heading in headings & profile.recognised.keys()}
    holdings = {tag: _parts(tag, codes, profile.holdings) for tag, codes in said.items() if codes}
    if cut := [holdings[tag] for tag in TOGETHER if tag in holdings]:
        holdings |= dict.fromkeys(TOGETHER, frozenset[str]().union(*cut))
    holdings[""] = frozenset(OF_HOLDINGS[one] for one in read_as if one in OF_HOLDINGS)
    whole = {tag for tag, codes in said.items() if not codes}
    whole |= set(TOGETHER) if whole & set(TOGETHER) else set()
    whole |= {"345"} if "supplier" in words else set()
    prices = {""} if "price" in words else {place[:3] for place in fields if _is_price(place)}
    return Hiding(tags, frozenset(whole), frozenset(headings), holdings, frozenset(prices))


def _is_price(place: str) -> bool:
    return any(place in places for places in PLACES["price"].values())


def _parts(tag: str, codes: str, local: Mapping[str, Columns]) -> frozenset[str]:
    """The parts of a holding that are made of any of these subfields."""
    columns = local.get(tag) or COPIES.get(tag, {})
    return frozenset(
        OF_HOLDINGS[name]
        for name, made_of in columns.items()
        if name in OF_HOLDINGS and set(made_of) & set(codes)
    )


def _without(record: Record, hiding: Hiding) -> Record:
    """A record without the values that are hidden, by the fields that they were read from."""

    def open_of(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(one for one in values if one.source[-3:] not in hiding.whole)

    return record._replace(
        identifiers=tuple(_identifier(one, hiding.prices) for one in record.identifiers),
        subjects=open_of(record.subjects),
        classes=open_of(record.classes),
        notes=open_of(record.notes),
        links=open_of(record.links),
        online=open_of(record.online),
        holdings=tuple(_holding(one, hiding) for one in open_of(record.holdings)),
    )


def _identifier(one: Identifier, prices: Collection[str]) -> Identifier:
    is_hidden = one.price and ("" in prices or one.source[-3:] in prices)
    return one._replace(price="") if is_hidden else one


def _holding(one: Holding, hiding: Hiding) -> Holding:
    tag = one.source[-3:]
    parts = hiding.holdings.get(tag, frozenset()) | hiding.holdings[""]
    if "" in hiding.prices or tag in hiding.prices:
        parts |= {"price"}
    return one._replace(**{part: Holding._field_defaults[part] for part in parts})


def _sent_without(
    field: SentField, cut: Mapping[str, str], headings: Collection[str]
) -> SentField | None:
    if field.tag in headings:
        return None
    codes = cut.get(_tag(field))
    if codes is None:
        return field
    kept = tuple(one for one in field.subfields if codes and one[0] not in codes)
    if kept == field.subfields:
        return field
    return field._replace(subfields=kept) if kept else None


def _tag(field: SentField) -> str:
    """The tag of a field; of one in another script that of the field which it repeats."""
    link = next((text for code, text in field.subfields if code == "6"), "")
    return link[:3] if field.tag == "880" and link else field.tag


def _bytes_without(tag: bytes, data: bytes, cut: Mapping[str, str]) -> bytes:
    """The bytes of a field without hidden subfields; none where nothing is left of it."""
    indicators, *chunks = data.split(b"\x1f")
    name = tag.decode("latin-1")
    if name == "880":
        name = next((c[1:4].decode("latin-1") for c in chunks if c[:1] == b"6"), name)
    codes = cut.get(name)
    if codes is None:
        return data
    kept = [c for c in chunks if codes and c[:1].decode("latin-1") not in codes]
    return b"\x1f".join((indicators, *kept)) if kept else b""


EVERYTHING = Access({}, "shown")
"""Nothing is closed and nothing hidden."""
