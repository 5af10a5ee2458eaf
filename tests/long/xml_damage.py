"""What happens to records in XML, by seeded rules; the twin of `tests.damage`."""

import random
import re
from collections.abc import Callable

Rule = Callable[[bytes, random.Random], bytes]

TAG = re.compile(rb"<[^<>]*>")
ELEMENT_TEXT = re.compile(rb"(?<=>)[^<>]+(?=</)")


def _put(record: bytes, at: int, what: bytes, instead: int = 0) -> bytes:
    return record[:at] + what + record[at + instead :]


def _tag(record: bytes, chance: random.Random, pattern: bytes = b"") -> tuple[int, int]:
    found = [m.span() for m in TAG.finditer(record) if pattern in m[0]]
    return chance.choice(found or [(0, 0)])


def _text(record: bytes, chance: random.Random) -> int:
    """A place inside a text."""
    spans = [m.span() for m in ELEMENT_TEXT.finditer(record)]
    if not spans:
        return len(record) // 2
    start, end = chance.choice(spans)
    return chance.randrange(start, end + 1)


# Tags.


def mark_lost(record: bytes, chance: random.Random) -> bytes:
    places = [i for i, byte in enumerate(record) if byte in b"<>/\"'="]
    return _put(record, chance.choice(places), chance.choice([b"", b" ", b"x"]), 1)


def mark_doubled(record: bytes, chance: random.Random) -> bytes:
    places = [i for i, byte in enumerate(record) if byte in b"<>/\"'="]
    at = chance.choice(places)
    return _put(record, at, record[at : at + 1])


def tag_lost(record: bytes, chance: random.Random) -> bytes:
    start, end = _tag(record, chance)
    return record[:start] + record[end:]


def tag_cut(record: bytes, chance: random.Random) -> bytes:
    start, end = _tag(record, chance)
    return record[: chance.randrange(start, end + 1)] + record[end:]


def tag_twice(record: bytes, chance: random.Random) -> bytes:
    start, end = _tag(record, chance)
    return _put(record, start, record[start:end])


def name_misspelt(record: bytes, chance: random.Random) -> bytes:
    start, end = _tag(record, chance)
    tag = record[start:end]
    swapped = chance.choice(
        [
            (b"field", b"feild"),
            (b"record", b"recond"),
            (b"leader", b"loader"),
            (b"field", b"FIELD"),
            (b"data", b"date"),
        ]
    )
    return record[:start] + tag.replace(*swapped) + record[end:]


def name_with_prefix(record: bytes, chance: random.Random) -> bytes:
    start, end = _tag(record, chance)
    tag = (
        record[start:end].replace(b"</", b"</x:")
        if record[start + 1 : start + 2] == b"/"
        else record[start:end].replace(b"<", b"<x:")
    )
    return record[:start] + tag + record[end:]


ATTRIBUTES = (
    (b'ind1="', b'ind1='), (b'code="', b"code='"), (b'code="', b'code = "'), (b'code="', b'code="a" code="'), (b'tag="', b'tag="2'),
    (b'tag="', b'tag=" '), (b'tag="', b'tag="\xc3\xa9'), (b'tag="', b'TAG="'), (b'code="', b'code="&amp;'), (b'code="', b'code="&'),
    (b'" ind', b'"ind'), (b'code="', b'code=">'), (b'code="', b'code="<'), (b'code="', b'xml:lang="fr" code="'),
    (b'code="', b'foo:bar="1" code="'), (b'tag="', b'xmlns="urn:x" tag="'), (b'ind2="', b'id="7" ind2="'), (b'ind2="', b'ind1="'),
    (b"<record", b'<record xmlns:xsi="urn:i" xsi:schemaLocation="a b"'), (b"<record", b'<record type=Bib'), (b"<record", b'<record a="1" a="2"'),
    (b"<record", b'<record xsi:type="Bib"'), (b'code="', b'code=""  x="'), (b'tag="', b'tag=""  x="'), (b'code="', b'\ncode\t=\r"'),
    (b'tag="245"', b'tag="001"'), (b'tag="001"', b'tag="245"'), (b' ind1="', b' ind1="\xe9\x9d\x92'), (b"<leader", b'<leader id="x"'),
)  # fmt: skip
"""What stands in a tag, and what stands there then."""


def attribute_changed(record: bytes, chance: random.Random) -> bytes:
    there, then = chance.choice([one for one in ATTRIBUTES if one[0] in record] or [(b"", b"")])
    places = [m.start() for m in re.finditer(re.escape(there), record)]
    return _put(record, chance.choice(places), then, len(there)) if there else record


# Texts.

TEXTS = (
    b"&", b"&&", b"& ", b"&amp", b"&nbsp;", b"&eacute;", b"&foo;", b"&amp;amp;", b"&lt;b&gt;", b"&#0;", b"&#1;", b"&#13;", b"&#10;", b"&#x1F;",
    b"&#x92;", b"&#127;", b"&#xD800;", b"&#xFDD0;", b"&#xFFFE;", b"&#x110000;", b"&#99999999999;", b"&#x4E2D;", b"&#20013;", b"&#X4E2D;",
    b"&#;", b"&#x;", b"&;", b"&#x1F600;", b"&#65", b"&quot;", b"&apos;", b"&#xA0;", b"&#133;",
    b"\x00", b"\x01", b"\x08", b"\x0b", b"\x1b(B", b"\x1e", b"\x1f", b"\x1fa", b"\x7f", b"\r", b"\r\n", b"\n", b"\t",
    b"]]>", b"]]", b">", b"<", b"< ", b"<<", b"<b>x</b>", b"<br/>", b"</b>", b"<!-- c -->", b"<!--", b"<![CDATA[x & <y>]]>", b"<![CDATA[", b"<?pi x?>", b"<?", b"<!x>",
    b"\xff", b"\xc3", b"\xe9\x9d", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xef\xbb\xbf", b"\xef\xbf\xbd", b"\xf4\x90\x80\x80", b"\xc0\x80",
    "青海".encode("gbk"), "青海".encode(), "Ã©".encode(), b"\xe2\x80\xa8", b"\xc2\x85", b"\xee\x80\x80", b"\xe9t\xe9", b"{cr:NLC}",
)  # fmt: skip
"""What gets into a text. The end of a comment is not there: with a beginning somewhere before it
makes a comment, and the sound records in that are none."""


def text_put_in(record: bytes, chance: random.Random) -> bytes:
    return _put(record, _text(record, chance), chance.choice(TEXTS))


def texts_put_in(record: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(2, 5)):
        record = text_put_in(record, chance)
    return record


def text_between_tags(record: bytes, chance: random.Random) -> bytes:
    return _put(record, _tag(record, chance)[1], chance.choice(TEXTS))


def re_encoded(record: bytes, chance: random.Random) -> bytes:
    return record.decode("utf-8", "replace").encode(
        chance.choice(["gb18030", "cp1252", "big5", "utf-16-le", "cp1251"]), "replace"
    )


# Structure.

ELEMENTS = (
    b"<leader>00000nas a2200000 a 4500</leader>", b"<leader>short</leader>", b"<leader/>", b"<leader>00000nam a2200000 a 4500 and more</leader>",
    b"<leader>00000nam\xe9\x9d\x92a2200000 a 4500</leader>", b'<controlfield tag="245">text</controlfield>', b'<controlfield tag="008"/>',
    b'<controlfield>text</controlfield>', b'<controlfield tag="00A">text</controlfield>', b'<controlfield tag="001">second</controlfield>',
    b'<datafield tag="001" ind1=" " ind2=" "><subfield code="a">x</subfield></datafield>', b'<datafield tag="245"/>', b'<datafield tag="245" ind1="1" ind2="0"></datafield>',
    b'<datafield tag="245"><subfield code="a">without indicators</subfield></datafield>', b'<datafield tag="500" ind1=" " ind2=" ">text alone</datafield>',
    b'<datafield tag="500" ind1=" " ind2=" ">text<subfield code="a">mixed</subfield>text</datafield>', b'<datafield tag="020" ind1=" " ind2=" "><subfield code="a"/><subfield code="a"></subfield></datafield>',
    b'<datafield tag="650" ind1=" " ind2="0"><subfield code="a">one<subfield code="x">nested</subfield></subfield></datafield>',
    b'<datafield tag="700" ind1="1" ind2=" "><datafield tag="710" ind1=" " ind2=" "><subfield code="a">in field</subfield></datafield></datafield>',
    b'<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">inner</controlfield></record>', b"<record/>", b"<record>", b"</record>", b"<other/>", b"<other>x</other>",
    b'<!DOCTYPE x [<!ENTITY a "b">]>', b'<?xml version="1.0"?>', b"<metadata>", b"</metadata>", b"</collection>", b"<collection>", b"<!-- <record> -->", b"<![CDATA[<record>]]>",
    b'<datafield tag="880" ind1="1" ind2="0"><subfield code="6">245-01/$1</subfield><subfield code="a">\xe9\x9d\x92</subfield></datafield>',
    b'<datafield tag="880" ind1="1" ind2="0"><subfield code="6">24&#53;-01</subfield><subfield code="a">\xe9\x9d\x92</subfield></datafield>',
    b'<datafield tag="880" ind1="1" ind2="0"><subfield code="a">late</subfield><subfield code="6">245-01</subfield></datafield>',
    b'<datafield tag="245" ind1="&lt;" ind2="&#48;"><subfield code="a">indicators</subfield></datafield>', b'<subfield code="a">lone</subfield>',
    b'<datafield ind2="1" ind1="2" tag="700"><subfield  code="a" >Name</subfield ></datafield >', b"<datafield tag='246' ind1='1' ind2='\"'><subfield code='a'>O'Neill \"x\"</subfield></datafield>",
)  # fmt: skip
"""Elements that get between others."""


def element_put_in(record: bytes, chance: random.Random) -> bytes:
    return _put(record, _tag(record, chance)[1], chance.choice(ELEMENTS))


def elements_in_another_order(record: bytes, chance: random.Random) -> bytes:
    head, mark, rest = record.partition(b"<leader")
    body, end, tail = rest.rpartition(b"</record>")
    parts = re.split(rb"(?=<(?:controlfield|datafield|leader)\b)", mark + body)
    chance.shuffle(parts)
    return head + b"".join(parts) + end + tail


def leader_lost(record: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"<leader>[^<]*</leader>", chance.choice([b"", b"<leader></leader>"]), record)


def spread_over_lines(record: bytes, chance: random.Random) -> bytes:
    return record.replace(
        b"><", b">" + chance.choice([b"\n  ", b"\r\n", b"\r", b"\t", b" \n \n"]) + b"<"
    )


def prefixed(record: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"<(/?)(?=[a-z])", rb"<\1marc:", record)


# Bytes.


def cut_short(record: bytes, chance: random.Random) -> bytes:
    return record[: chance.randrange(8, len(record))]


def cut_in_the_middle(record: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(8, len(record) - 1)
    return record[:start] + record[chance.randrange(start, len(record)) :]


def any_bytes(record: bytes, chance: random.Random) -> bytes:
    out = bytearray(record)
    for _ in range(chance.randrange(1, 8)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def flipped_bits(record: bytes, chance: random.Random) -> bytes:
    out = bytearray(record)
    for _ in range(chance.randrange(1, 8)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def followed_by_noise(record: bytes, chance: random.Random) -> bytes:
    return record + chance.choice(
        [b"\x00" * 30, b"& ", b"]]>", b"<", b"</x>", b"text", b"\xff\xfe", b"<!--", b'<x a="']
    )


RULES: tuple[Rule, ...] = (
    mark_lost,
    mark_doubled,
    tag_lost,
    tag_cut,
    tag_twice,
    name_misspelt,
    name_with_prefix,
    attribute_changed,
    text_put_in,
    texts_put_in,
    text_between_tags,
    re_encoded,
    element_put_in,
    elements_in_another_order,
    leader_lost,
    spread_over_lines,
    prefixed,
    cut_short,
    cut_in_the_middle,
    any_bytes,
    flipped_bits,
    followed_by_noise,
)
