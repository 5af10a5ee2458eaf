"""Records for tests, written as people write them down: one line a field, `$` before a code.

001 x1 | 010 $a7-02-000220-X$dCNY20.00 | 200 1 $a红楼梦$f曹雪芹著
"""

from collections.abc import Sequence

from lianguan.engine.read.source import SourceField, SourceRecord

MARC21 = b"00000nam a2200000 a 4500"
CNMARC = b"00000nam0 2200000   450 "


def fields(lines: str) -> tuple[SourceField, ...]:
    """The fields of a record written as lines, or with ` | ` between them."""
    parts = [part.strip() for line in lines.split("\n") for part in line.split(" | ")]
    return tuple(_field(part) for part in parts if part)


def _field(line: str) -> SourceField:
    tag, rest = line[:3], line[4:]
    if tag < "010":
        return SourceField(tag.encode(), rest.encode())
    head, mark, body = rest.partition("$")
    indicators = head.ljust(2)[:2]
    return SourceField(tag.encode(), (indicators + (mark + body).replace("$", "\x1f")).encode())


def source(lines: str, leader: bytes = MARC21) -> SourceRecord:
    return SourceRecord(leader, fields(lines))


def iso2709(record: SourceRecord, encoding: str = "utf-8") -> bytes:
    """The record as ISO 2709, its texts in `encoding`."""
    directory, body = b"", b""
    for field in record.fields:
        data = field.data.decode().encode(encoding) + b"\x1e"
        directory += field.tag + b"%04d%05d" % (len(data), len(body))
        body += data
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    leader = b"%05d" % length + record.leader[5:12] + b"%05d" % base + record.leader[17:24]
    return leader + directory + b"\x1e" + body + b"\x1d"


def marc21(lines: str, encoding: str = "utf-8") -> bytes:
    leader = MARC21 if encoding == "utf-8" else b"00000nam  2200000 a 4500"
    return iso2709(source(lines, leader), encoding)


def cnmarc(lines: str, encoding: str = "utf-8") -> bytes:
    return iso2709(source(lines, CNMARC), encoding)


def xml(records: Sequence[SourceRecord]) -> bytes:
    """A MARCXML collection."""
    body = "".join(_xml_record(record) for record in records)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">'
    return f"{head}{body}</collection>".encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _xml_record(record: SourceRecord) -> str:
    parts = [f"<record><leader>{record.leader.decode()}</leader>"]
    for field in record.fields:
        tag, data = field.tag.decode(), field.data.decode()
        if tag < "010":
            parts.append(f'<controlfield tag="{tag}">{_escaped(data)}</controlfield>')
            continue
        ind, *subfields = data.split("\x1f")
        parts.append(f'<datafield tag="{tag}" ind1="{ind[:1]}" ind2="{ind[1:2]}">')
        parts += [f'<subfield code="{s[0]}">{_escaped(s[1:])}</subfield>' for s in subfields]
        parts.append("</datafield>")
    return "".join((*parts, "</record>\n"))
