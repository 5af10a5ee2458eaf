"""What pymarc and yaz-marcdump read in the same files, record by record.

Each frames the file by itself, as a user would have it do; its records are known by their
offset (ISO 2709) or their order (MARCXML). What it did not give in that way it is asked for
once more, alone and leniently, so that as many records as can be are compared.
"""

import contextlib
import io
import logging
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree
from pymarc import JSONReader, MARCReader
from pymarc import Record as PymarcRecord
from pymarc.marcxml import parse_xml_to_array

from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.files import ISO2709, MARC_JSON, MARCXML

Subfields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PeerField:
    tag: str
    data: str = ""
    subfields: Subfields = ()

    def every(self, codes: str) -> list[str]:
        return [text for code, text in self.subfields if code in codes]

    def first(self, codes: str) -> str:
        return next(iter(self.every(codes)), "")


@dataclass(frozen=True, slots=True)
class PeerRecord:
    """A record as a peer reads it; with an `error`, it said that something was wrong."""

    leader: str = ""
    fields: tuple[PeerField, ...] = ()
    error: str = ""

    def tagged(self, tags: Iterable[str]) -> list[PeerField]:
        """The fields with these tags and the fields 880 linked to them, in order."""
        wanted = frozenset(tags)
        return [f for f in self.fields if (_linked(f) if f.tag == "880" else f.tag) in wanted]

    def control(self, tag: str) -> str:
        return next((field.data for field in self.fields if field.tag == tag), "")


def _linked(field: PeerField) -> str:
    code, text = field.subfields[0] if field.subfields else ("", "")
    return text[:3] if code == "6" else ""


Readings = list[PeerRecord | None]
"""For each of our reads, what a peer has there."""

Peer = Callable[[bytes, str, list[Read]], tuple[Readings, int]]
"""From a file, its container and our reads of it to a peer's; and how many records without
error the peer has where we have none."""

Alone = Callable[[Read], PeerRecord | None]


def _placed(found: dict[int, PeerRecord], reads: list[Read], alone: Alone) -> tuple[Readings, int]:
    """A peer's records by their offsets."""
    sound = {offset for offset, record in found.items() if record.fields and not record.error}
    known = {read.offset for read in reads}
    readings = [found[r.offset] if r.offset in sound else alone(r) for r in reads]
    return readings, len(sound - known)


def _ordered(found: list[PeerRecord], reads: list[Read], alone: Alone) -> tuple[Readings, int]:
    """A peer's records by their order, where there are as many as ours."""
    if len(found) == len(reads):
        return list(found), 0
    distinct = {record.fields for record in found}
    return [alone(read) for read in reads], max(0, len(distinct) - len(reads))


PREFIX = re.compile(rb"<([\w.-]+):record")


def enveloped(raw: bytes) -> bytes:
    """A record element cut out of its document, as a document of its own."""
    prefix = PREFIX.match(raw)
    name = b":" + prefix[1] if prefix else b""
    return b'<c xmlns%s="http://www.loc.gov/MARC21/slim">%s</c>' % (name, raw)


# pymarc


def pymarc(data: bytes, container: str, reads: list[Read]) -> tuple[Readings, int]:
    """pymarc; see `Peer`."""
    logging.getLogger("pymarc").setLevel(logging.CRITICAL)
    with contextlib.redirect_stderr(io.StringIO()):
        if container == ISO2709:
            return _placed(dict(_pymarc_iso(data)), reads, _pymarc_lenient)
        if container == MARCXML:
            return _ordered(_pymarc_xml(data), reads, _pymarc_one_xml)
        if container == MARC_JSON:
            return [_pymarc_json(read.raw) for read in reads], 0
    return [None] * len(reads), 0


def _pymarc_iso(data: bytes) -> Iterator[tuple[int, PeerRecord]]:
    file = io.BytesIO(data)
    reader = MARCReader(file, to_unicode=True)
    begin = 0
    for record in reader:
        if record is not None:
            yield begin, _from_pymarc(record)
        begin = file.tell()


LENIENT: tuple[dict[str, Any], ...] = ({}, {"force_utf8": True}, {"utf8_handling": "replace"})


def _pymarc_lenient(read: Read) -> PeerRecord | None:
    """What pymarc gives with the ways it has to be lenient, one after the other."""
    error = ""
    for told in LENIENT:
        reader = MARCReader(io.BytesIO(read.raw), to_unicode=True, permissive=True, **told)
        record = next(iter(reader), None)
        if record is not None:
            return _from_pymarc(record, error or "only when read alone")
        error = error or type(reader.current_exception).__name__
    return None


def pymarc_told(raw: bytes, utf8: bool, other: str) -> PeerRecord | None:
    """pymarc's reading of one record when told its encoding: UTF-8, or the other."""
    reader = MARCReader(
        io.BytesIO(raw), to_unicode=True, force_utf8=utf8, file_encoding=other or "iso8859-1"
    )
    with contextlib.redirect_stderr(io.StringIO()):
        record = next(iter(reader), None)
    return _from_pymarc(record) if record is not None else None


def _pymarc_xml(data: bytes) -> list[PeerRecord]:
    try:
        records = parse_xml_to_array(io.BytesIO(data))
        return [_from_pymarc(record) for record in records if record is not None and record.fields]
    except Exception:  # noqa: BLE001 - whatever a peer throws, it has not read the file
        return []


def _pymarc_one_xml(read: Read) -> PeerRecord | None:
    return _only(_pymarc_xml(enveloped(read.raw)))


def _only(found: list[PeerRecord]) -> PeerRecord | None:
    return found[0] if found else None


def _pymarc_json(raw: bytes) -> PeerRecord | None:
    try:
        return _from_pymarc(next(iter(JSONReader(raw.decode()))))
    except Exception:  # noqa: BLE001 - as above
        return None


def _from_pymarc(record: PymarcRecord, error: str = "") -> PeerRecord:
    fields = []
    for field in record.fields:
        if field.control_field:
            fields.append(PeerField(field.tag, str(field.data)))
        else:
            said = tuple((s.code, s.value or "") for s in field.subfields)
            fields.append(PeerField(field.tag, "", said))
    return PeerRecord(str(record.leader), tuple(fields), error)


# yaz-marcdump

PIECE = re.compile(rb"<!-- Record \d+ offset (\d+) \(0x[0-9a-f]+\) -->\n")
COMMENT = re.compile(rb"<!--(.*?)-->", re.DOTALL)
ENVELOPE = re.compile(rb"</?collection[^>]*>|<\?xml[^>]*>")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
TO_UTF8 = ("-f", "marc8", "-t", "utf-8")


def yaz(data: bytes, container: str, reads: list[Read]) -> tuple[Readings, int]:
    """yaz-marcdump, told to turn MARC-8 into UTF-8 where the leader claims no UTF-8; see `Peer`."""
    if container == ISO2709:
        return _placed(_yaz_iso(data), reads, _yaz_alone)
    if container == MARCXML:
        return _ordered(_yaz_xml(data), reads, _yaz_one_xml)
    if container == MARC_JSON:
        return [_only(_yaz_records(_marcdump(read.raw, "-i", "json"))) for read in reads], 0
    return [None] * len(reads), 0


def _marcdump(data: bytes, *told: str) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = ("yaz-marcdump", "-o", "marcxml", *told, file.name)
        return subprocess.run(command, capture_output=True, check=False).stdout


def _yaz_iso(data: bytes) -> dict[int, PeerRecord]:
    as_it_is = _yaz_pieces(_marcdump(data, "-p"))
    turned = _yaz_pieces(_marcdump(data, "-p", *TO_UTF8))
    return {
        offset: as_it_is.get(offset, record) if data[offset + 9 : offset + 10] == b"a" else record
        for offset, record in turned.items()
    }


def _yaz_pieces(said: bytes) -> dict[int, PeerRecord]:
    pieces = PIECE.split(said)
    pairs = zip(pieces[1::2], pieces[2::2], strict=True)
    return {int(offset): _from_yaz(piece) for offset, piece in pairs}


def _yaz_alone(read: Read) -> PeerRecord | None:
    """What yaz makes of a record whose bytes are cut out for it, in the encoding we found."""
    found = _from_yaz(_marcdump(read.raw, *(TO_UTF8 if read.encoding == "marc8" else ())))
    return replace(found, error=found.error or "only when read alone") if found.fields else None


def _yaz_xml(data: bytes) -> list[PeerRecord]:
    """Its warnings are about the leader, of which XML needs none of the figures."""
    said = _marcdump(data, "-i", "marcxml")
    return [replace(record, error="") for record in _yaz_records(said)]


def _yaz_one_xml(read: Read) -> PeerRecord | None:
    return _only(_yaz_xml(enveloped(read.raw)))


def _yaz_records(said: bytes) -> list[PeerRecord]:
    found = [_from_yaz(piece + b"</record>") for piece in said.split(b"</record>")[:-1]]
    return [record for record in found if record.fields]


def _from_yaz(piece: bytes) -> PeerRecord:
    """A record as yaz wrote it, its warnings (XML comments) taken for errors."""
    said = [text.decode("utf-8", "replace").strip() for text in COMMENT.findall(piece)]
    warnings = [text for text in said if "Length implementation" not in text]
    error = warnings[0] if warnings else ""
    plain = ENVELOPE.sub(b"", COMMENT.sub(b"", piece)).strip()
    root: etree._Element | None
    try:
        root = etree.fromstring(plain)
    except etree.XMLSyntaxError:
        error = error or "what it wrote is not XML"
        root = _recovered(plain)
    if root is None:
        return PeerRecord("", (), error or "nothing")
    leader = root.findtext("leader") or ""
    return PeerRecord(leader, tuple(_yaz_fields(root)), error)


def _recovered(plain: bytes) -> etree._Element | None:
    text = CONTROLS.sub("", plain.decode("utf-8", "replace"))
    if not text:
        return None
    found: etree._Element | None = etree.fromstring(text.encode(), etree.XMLParser(recover=True))
    return found


def _yaz_fields(root: etree._Element) -> Iterator[PeerField]:
    for element in root:
        tag = element.get("tag") or ""
        if element.tag == "controlfield":
            yield PeerField(tag, element.text or "")
        elif element.tag == "datafield":
            said = tuple((sub.get("code") or "", sub.text or "") for sub in element)
            yield PeerField(tag, "", said)


PEERS: dict[str, Peer] = {"pymarc": pymarc, "yaz": yaz}
