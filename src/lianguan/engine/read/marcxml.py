"""MARCXML in plain Python: for one record, for small files, and for what is not plain.

A record is cut out of its file by its own tags, so that one broken record never costs its
neighbours, and is parsed alone: first as the plain form, then by lxml without entities,
network or huge trees. MARC 21 Slim, MarcXchange (ISO 25577) and records without a namespace
are read alike, by the local names of their elements.
"""

import re
from collections.abc import Iterator

from lxml import etree

from lianguan.engine.read.encodings import GB18030, LATIN1, UTF8, Hints, encoding_of
from lianguan.engine.read.findings import NO_RULE, Reason, Refused, Rule
from lianguan.engine.read.framing import SOUND
from lianguan.engine.read.iso2709 import Frame
from lianguan.engine.read.repair import LOST_TAG, Lost
from lianguan.engine.read.source import SourceField, SourceRecord
from lianguan.engine.read.xmltags import LONGEST_COMMENT, LONGEST_ELEMENT

TAG = re.compile(
    rb"<(?:!--|(/?)(?:[\w.-]{1,64}:)?(record|leader|controlfield|datafield)(?=[ \t\r\n/>]))"
)
END_OF_TAG = re.compile(rb"[ \t\r\n]*>")
RECORD_TAG = re.compile(r"<[^<>]*[^<>/]>")
PREFIX = re.compile(r"(</?)[\w.-]+:(?=[\w])")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LOOSE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)")
"""An ampersand that is none, or a name that XML does not know."""
NUMBERED = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
DECLARES_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")


HEAD = 1 << 20
"""Bytes in which a file says what it is."""


def refuse_entities(head: bytes) -> None:
    """Refuse a file that declares entities before its first record."""
    record = next((tag.start() for tag in _tags(head)), len(head))
    if DECLARES_ENTITY.search(head, 0, record):
        raise Refused("xml_entities")


def declared_encoding(head: bytes) -> str:
    """The encoding that the XML declaration names, in lower case, or ""."""
    match = DECLARED.search(head[:200])
    return match[1].decode().lower() if match else ""


PYTHON_NAMES = {"gb2312": GB18030, "gbk": GB18030, "gb18030": GB18030, "iso-8859-1": LATIN1}


def encoding_of_record(raw: bytes, declared: str) -> str | None:
    """The encoding of a record element: UTF-8 if that is what its bytes are, else what the
    document declares if that can be, else what the bytes say; None in doubt."""
    try:
        raw.decode(UTF8)
        return UTF8
    except UnicodeDecodeError:
        pass
    if declared in PYTHON_NAMES:
        return PYTHON_NAMES[declared]
    return encoding_of(raw, Hints(utf8_claimed=True))


def frames(data: bytes) -> Iterator[Frame]:
    """The records of an XML document: the innermost record elements that hold fields."""
    start, holds = -1, False
    for tag in _tags(data):
        closing, name = tag[1], tag[2]
        if start >= 0 and tag.start() - start >= LONGEST_ELEMENT:
            yield from _frame(start, start + LONGEST_ELEMENT, holds)
            start, holds = -1, False
        if name != b"record":
            holds = start >= 0
        elif closing:
            end = END_OF_TAG.match(data, tag.end())
            yield from _frame(start, end.end() if end else tag.end(), holds)
            start, holds = -1, False
        else:
            yield from _frame(start, tag.start(), holds)
            start, holds = tag.start(), False
    yield from _frame(start, min(len(data), start + LONGEST_ELEMENT), holds)


def _frame(start: int, end: int, holds: bool) -> Iterator[Frame]:
    """The frame of a record element, if it holds a field."""
    if holds:
        yield Frame(start, end, SOUND)


def _tags(data: bytes) -> Iterator[re.Match[bytes]]:
    """The tags that make records, without those in comments: records that somebody took out.
    What begins like a comment and meets another before it ends is none, as XML has it."""
    at = close = 0
    while tag := TAG.search(data, at):
        at = tag.end()
        if tag[2] is not None:
            yield tag
            continue
        if 0 <= close < at:
            close = data.find(b"-->", at)
        if 0 <= close < tag.start() + LONGEST_COMMENT - 2 and data.find(b"<!--", at, close) < 0:
            at = close + 3


def record_in(data: bytes, encoding: str) -> SourceRecord | Lost:
    """The record of one record element, in UTF-8 whatever its document is in."""
    rules = NO_RULE
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, rules = data.decode(encoding, "replace"), Rule.BYTES_REPLACED
    try:
        return _parsed(text, rules)
    except etree.XMLSyntaxError as error:
        mended = NUMBERED.sub(_allowed, LOOSE_AMPERSAND.sub("&amp;", NOT_XML.sub("", text)))
        if mended == text:
            return Lost(Reason.XML_BROKEN, str(error.msg))
    try:
        return _parsed(mended, rules | Rule.XML_MENDED)
    except etree.XMLSyntaxError as error:
        return Lost(Reason.XML_BROKEN, str(error.msg))


def _allowed(reference: re.Match[str]) -> str:
    """The reference, or nothing where XML has no character with its number."""
    value = int(reference[1], 16) if reference[1] else int(reference[2])
    if value in (0x9, 0xA, 0xD) or 0x20 <= value < 0xD800 or 0xE000 <= value < 0xFFFE:
        return reference[0]
    return reference[0] if 0x10000 <= value < 0x110000 else ""


def _parsed(text: str, rules: Rule) -> SourceRecord | Lost:
    """Prefixes and what the record's own tag says are taken off first, since what they refer
    to is declared outside the record."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    alone = RECORD_TAG.sub("<record>", PREFIX.sub(r"\1", text), count=1)
    root = etree.fromstring(alone, parser)
    leader = ""
    fields = []
    for element in root:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name == "leader":
            leader = _text(element)
        elif name in ("controlfield", "datafield"):
            fields.append(_field(element))
    if not fields:
        return Lost(Reason.NOTHING_IN_IT)
    return SourceRecord(leader.encode("ascii", "replace").ljust(24)[:24], tuple(fields), rules)


def _field(element: etree._Element) -> SourceField:
    tag = (element.get("tag") or "").encode("ascii", "replace")
    subfields = [_subfield(sub) for sub in element if isinstance(sub.tag, str)]
    text = "".join(subfields) if subfields else _text(element)
    if subfields or element.get("ind1") is not None:
        text = (element.get("ind1") or " ")[:1] + (element.get("ind2") or " ")[:1] + text
    return SourceField(tag if len(tag) == 3 else LOST_TAG, text.encode())


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _subfield(element: etree._Element) -> str:
    return f"\x1f{(element.get('code') or ' ')[:1]}{_text(element)}"
