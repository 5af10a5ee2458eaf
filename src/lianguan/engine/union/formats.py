"""Records out again: ISO 2709 and MARCXML, in UTF-8.

A sound record leaves byte for byte as it came; one that had to be repaired, or came in
another format, is written anew so that any program can read it.
"""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from lianguan.engine.record import Holding, Record
from lianguan.engine.union.sent import Sent, SentField

LONGEST = 99_999
LONGEST_FIELD = 9_999
NEW_LEADER = "00000na{} a2200000 i 4500"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

COLLECTION = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
)
COLLECTION_END = "</collection>\n"


TAG_OF_NOTE = {"abstract": "520", "audience": "521"}


def is_sound(raw: bytes) -> bool:
    """The bytes are one ISO 2709 record whose leader and directory say what is there."""
    if len(raw) < 26 or raw[-1:] != b"\x1d" or raw[:5] != b"%05d" % len(raw):
        return False
    if raw[10:12] != b"22" or raw[20:22] != b"45" or not raw[12:17].isdigit():
        return False
    base = int(raw[12:17])
    directory = raw[24 : base - 1]
    if raw[base - 1 : base] != b"\x1e" or len(directory) % 12 or not directory.isalnum():
        return False
    return _fields_meet(raw, base, directory)


def _fields_meet(raw: bytes, base: int, directory: bytes) -> bool:
    """Every entry of the directory leads to a field, and together they fill the record."""
    filled = 0
    for at in range(0, len(directory), 12):
        said = directory[at + 3 : at + 12]
        if not said.isdigit():
            return False
        length, start = int(said[:4]), base + int(said[4:])
        if raw[start + length - 1 : start + length] != b"\x1e":
            return False
        filled += length
    return base + filled + 1 == len(raw)


def iso2709(record: Sent) -> bytes | None:
    """The record in UTF-8; None if it is longer than ISO 2709 can say."""
    if not all(len(field.tag) == 3 and field.tag.isascii() for field in record.fields):
        return None
    leader = f"00000{_status(record.leader)}2200000{_end(record.leader)}"
    fields = ((field.tag.encode(), field_bytes(field)) for field in record.fields)
    return framed(leader.encode(), fields)


def framed(leader: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Fields in bytes, as (tag, data without its end), as one ISO 2709 record; None if it is
    longer than the standard can say. Of the leader only lengths change."""
    directory, body = bytearray(), bytearray()
    for tag, data in fields:
        if len(data) >= LONGEST_FIELD or not tag.isalnum():
            return None
        directory += b"%b%04d%05d" % (tag, len(data) + 1, len(body))
        body += data + b"\x1e"
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    if length > LONGEST:
        return None
    head = b"%05d%b%05d%b" % (length, leader[5:12], base, leader[17:24])
    return head + bytes(directory) + b"\x1e" + bytes(body) + b"\x1d"


def _status(leader: str) -> str:
    """Bytes 5 to 9 of the leader; 9 says UTF-8 where the format has a place for it."""
    said = re.sub(r"[^ -~]", " ", leader[5:10].ljust(5))
    return said[:4] + ("a" if _is_marc21(leader) else said[4])


def _end(leader: str) -> str:
    said = re.sub(r"[^ -~]", " ", leader[17:20].ljust(3))
    return said + ("4500" if _is_marc21(leader) else "450 ")


def _is_marc21(leader: str) -> bool:
    return leader[20:24] == "4500"


def field_bytes(field: SentField, encoding: str = "utf-8") -> bytes:
    """A field's bytes without its end, and without what would be taken for structure."""
    pieces = [_clean(text) if not code else f"\x1f{code}{_clean(text)}" for code, text in field[2]]
    head = _clean(field.indicators) if field.indicators or _has_codes(field) else ""
    indicators = head[:2].ljust(2) if _has_codes(field) else head
    return (indicators + "".join(pieces)).encode(encoding, "replace")


def _has_codes(field: SentField) -> bool:
    return any(code for code, _ in field.subfields)


def _clean(text: str) -> str:
    return re.sub("[\x1d-\x1f]", "", text)


def marcxml(record: Sent) -> str:
    """The record as an element of a MARCXML collection."""
    leader = escape(NOT_IN_XML.sub(" ", record.leader).ljust(24)[:24])
    fields = "".join(_element(field) for field in record.fields)
    return f"<record><leader>{leader}</leader>{fields}</record>\n"


def _element(field: SentField) -> str:
    if not _has_codes(field):
        text = "".join(text for _, text in field.subfields)
        return f"<controlfield tag={quoteattr(field.tag)}>{_xml(text)}</controlfield>"
    ind1, ind2 = (quoteattr(_xml(one)) for one in field.indicators[:2].ljust(2))
    subfields = "".join(
        f"<subfield code={quoteattr(_xml(code))}>{_xml(text)}</subfield>"
        for code, text in field.subfields
    )
    return f"<datafield tag={quoteattr(field.tag)} ind1={ind1} ind2={ind2}>{subfields}</datafield>"


def _xml(text: str) -> str:
    return escape(NOT_IN_XML.sub("", text))


def from_neutral(number: str, record: Record) -> Sent:
    """A record that came as rows of a table, in MARC 21."""
    fields = [SentField("001", "", (("", number),))]
    fields += [_data("020", "  ", [("a", i.value)]) for i in record.identified("isbn")]
    fields += [_data("022", "  ", [("a", i.value)]) for i in record.identified("issn")]
    fields += [_data("041", "  ", [("a", code) for code in record.languages])]
    fields += [_data("084", "  ", [("a", c.number), ("2", c.scheme)]) for c in record.classes]
    fields += [_data(TAG_OF_NOTE.get(n.kind, "500"), "  ", [("a", n.text)]) for n in record.notes]
    fields += [_data("100", "1 ", [("a", n.text)]) for n in record.agents[:1]]
    fields += _titles(record)
    fields += [_data("250", "  ", [("a", str(record.edition))])] if record.edition else []
    fields += [
        _data("264", " 1", [("a", p.place), ("b", p.publisher), ("c", p.date)])
        for p in record.publications[:1]
    ]
    fields += [_data("300", "  ", [("a", record.extent.text)])] if record.extent else []
    fields += [_data("490", "0 ", [("a", s.title), ("v", s.number)]) for s in record.series]
    fields += [_data("653", "  ", [("a", s.text)]) for s in record.subjects]
    fields += [_data("700", "1 ", [("a", n.text), *(("e", r) for r in n.roles)])
               for n in record.agents[1:]]  # fmt: skip
    fields += [_holding(h) for h in record.holdings]
    kept = sorted((f for f in fields if f.subfields), key=lambda f: f.tag)
    leader = NEW_LEADER.format("s" if record.level == "serial" else "m")
    return Sent(leader, tuple(kept))


def _holding(said: Holding) -> SentField:
    held = " ".join(filter(None, (said.years, said.volumes)))
    copies = (("p", barcode) for barcode in said.barcodes)
    place = [("b", said.location), ("h", said.call_number)]
    return _data("852", "  ", [("3", held), *place, *copies, ("z", said.note)])


def _titles(record: Record) -> list[SentField]:
    if record.title is None:
        return []
    title = record.title
    parts = [pair for p in title.parts for pair in (("n", p.number), ("p", p.name))]
    others = [("b", other) for other in title.other]
    return [_data("245", "10", [("a", title.text), *others, *parts, ("c", title.responsibility)])]


def _data(tag: str, indicators: str, subfields: list[tuple[str, str]]) -> SentField:
    return SentField(tag, indicators, tuple((c, str(text)) for c, text in subfields if text))
