"""Ten megabytes that only want to take time: no record of them takes a second."""

import pytest

from lianguan.engine.read.files import _in_memory
from lianguan.engine.read.findings import Refused
from tests.long import xml
from tests.long.iso2709 import reads_of, timed_reads
from tests.making import marc21

SIZE = 10_000_000
MOST_SECONDS_A_MEGABYTE = 0.25
"""Besides one second. Where nothing in ten megabytes is a record, the next one is far away."""

SOUND = marc21("001 a1 | 245 10$aTitle")
IN_XML = xml.made("MARC 21 in XML", 2)


def field(tag: str, text: str) -> str:
    return (
        f'<datafield tag="{tag}" ind1="1" ind2=" "><subfield code="a">{text}</subfield></datafield>'
    )


ISO_NOISE = {
    "record ends": b"\x1d" * (SIZE // 10),
    "field ends": b"\x1e" * SIZE,
    "subfield marks": b"\x1f" * SIZE,
    "digits": b"0123456789" * (SIZE // 10),
    "zeros": b"0" * SIZE,
    "nines": b"9" * SIZE,
    "NULs": bytes(SIZE),
    "line ends": b"\n" * SIZE,
    "lengths": b"00026" * (SIZE // 5),
    "leaders": b"00026nam a2200025 a 4500" * (SIZE // 24),
    "leaders and entries": b"00050nam a2200037 a 45000010000000000\x1e" * (SIZE // 40),
    "high bytes": b"\xff" * SIZE,
}

XML_NOISE = {
    "signs of less": "<" * SIZE,
    "record, never closed": "<record" * (SIZE // 7),
    "records in records": "<record>" * (SIZE // 8),
    "deep": "<a>" * (SIZE // 3),
    "comments, never closed": "<!--" * (SIZE // 4),
    "CDATA, never closed": "<![CDATA[" * (SIZE // 9),
    "a long name": "<" + "a" * SIZE,
    "end tags": "</record " * (SIZE // 9),
}

IN_RECORD = {
    "100,000 fields": field("650", "x") * 100_000,
    "20,000 subjects": field("650", "x y") * 20_000,
    "20,000 names": field("700", "Name, A.") * 20_000,
    "50,000 subfields": field("245", 'x</subfield><subfield code="a">' * 50_000),
    "nested": "<a>" * 100_000 + "</a>" * 100_000,
    "ampersands": field("245", "&" * 1_500_000),
    "references": field("245", "&amp;" * 300_000),
    "numbers": field("245", "&#x4E2D;" * 180_000),
    "attributes": "<datafield " + 'a="b" ' * 250_000 + ">",
    "an attribute": '<datafield tag="' + "x" * 1_500_000,
    "brackets": field("020", "(" * 9000),
    "blanks": field("245", " " * 1_500_000),
}


def reads_in_time(data: bytes, how: str) -> int:
    """How many records there are; none takes too long."""
    reads_of(SOUND, how)
    reads_of(xml.HEAD + IN_XML[0] + xml.TAIL, how)
    found, longest = timed_reads(_in_memory("f", data), how)
    assert longest < 1 + MOST_SECONDS_A_MEGABYTE * len(data) / 1e6
    return len(found)


both = pytest.mark.parametrize("how", ["plain", "compiled"])


@pytest.mark.long
@both
@pytest.mark.parametrize("name", ISO_NOISE)
def test_noise_after_a_sound_record_takes_no_time(name: str, how: str) -> None:
    assert reads_in_time(SOUND + ISO_NOISE[name] + SOUND, how) >= 2


@pytest.mark.long
@both
@pytest.mark.parametrize("name", XML_NOISE)
def test_noise_in_xml_takes_no_time(name: str, how: str) -> None:
    assert reads_in_time(xml.HEAD + IN_XML[0] + XML_NOISE[name].encode(), how) >= 1


@both
@pytest.mark.parametrize("name", IN_RECORD)
def test_a_monstrous_record_takes_a_second_at_most(name: str, how: str) -> None:
    record = IN_XML[0][:-9] + IN_RECORD[name].encode() + b"</record>"
    data = xml.HEAD + record + IN_XML[1] + xml.TAIL
    reads_of(xml.HEAD + IN_XML[0] + xml.TAIL, how)
    found, longest = timed_reads(_in_memory("f", data), how)
    assert longest < 1
    assert found[-1].raw == IN_XML[1]


@pytest.mark.long
@both
def test_entities_anywhere_end_nothing(how: str) -> None:
    data = xml.HEAD + IN_XML[0] + b'<!DOCTYPE x [<!ENTITY a "b">]>' * 100_000 + IN_XML[1] + xml.TAIL
    try:
        assert reads_in_time(data, how) == 2
    except Refused:
        pytest.fail("an entity after the first record is never resolved")
