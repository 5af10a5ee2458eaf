"""Damaged records are mended by rules with names, or set aside with a reason."""

import pytest

from lianguan.engine.read import framing
from lianguan.engine.read.findings import Reason, Rule
from lianguan.engine.read.iso2709 import read_record
from lianguan.engine.read.repair import LOST_TAG, Lost, mend, with_subfields
from lianguan.engine.read.source import SourceRecord
from tests.making import marc21, source

SOUND = marc21("001 a1 | 008 s2016 | 245 10$aTitle$bsub | 500 $aA note | 700 1 $aName")
BASE = int(SOUND[12:17])


def read(data: bytes) -> SourceRecord:
    record = read_record(data)
    assert isinstance(record, SourceRecord), record
    return record


def contents(record: SourceRecord) -> list[tuple[bytes, bytes]]:
    return [(field.tag, field.data) for field in record.fields]


def test_wrong_length_is_mended_and_said() -> None:
    record = read(b"00999" + SOUND[5:])
    assert record.rules == Rule.LENGTH_WRONG
    assert contents(record) == contents(read(SOUND))


def test_leader_of_question_marks() -> None:
    record = read(b"?????nam0 22?????   45  " + SOUND[24:])
    assert record.rules == Rule.LENGTH_WRONG | Rule.BASE_ADDRESS_WRONG | Rule.DIRECTORY_WRONG or (
        record.rules == Rule.LENGTH_WRONG | Rule.BASE_ADDRESS_WRONG
    )
    assert contents(record) == contents(read(SOUND))


def test_directory_counted_in_characters_instead_of_bytes() -> None:
    text = marc21("001 a1 | 245 10$aEte a la campagne$bx | 500 $aNote")
    longer = text.replace(b"Ete a la", "Été à la".encode())
    record = read(longer)
    assert Rule.DIRECTORY_WRONG in record.rules
    assert contents(record)[1] == (b"245", "10\x1faÉté à la campagne\x1fbx".encode())


@pytest.mark.parametrize("at", range(BASE - 1 - 24))
def test_a_damaged_byte_in_the_directory_never_changes_what_fields_say(at: int) -> None:
    place = 24 + at
    record = read_record(SOUND[:place] + b"x" + SOUND[place + 1 :])
    assert isinstance(record, SourceRecord)
    assert [f.data for f in record.fields] == [f.data for f in read(SOUND).fields]
    changed = [
        (is_, was)
        for is_, was in zip(record.fields, read(SOUND).fields, strict=True)
        if is_.tag != was.tag
    ]
    assert len(changed) <= 1


@pytest.mark.parametrize("at", range(12))
def test_a_byte_lost_from_the_directory_costs_one_tag_at_most(at: int) -> None:
    place = 36 + at
    record = read(SOUND[:place] + SOUND[place + 1 :])
    assert [f.data for f in record.fields] == [f.data for f in read(SOUND).fields]
    tags = [f.tag for f in record.fields]
    assert tags[2:] == [b"245", b"500", b"700"]
    assert tags.count(LOST_TAG) <= 1


def test_a_field_end_overwritten_is_found_by_the_directory() -> None:
    place = SOUND.index(b"\x1e", SOUND.index(b"A note"))
    record = read(SOUND[:place] + b"." + SOUND[place + 1 :])
    assert record.rules == Rule.FIELD_END_DAMAGED
    assert contents(record) == contents(read(SOUND))


@pytest.mark.parametrize("mark", [b"$", b"|", b"!", "▼".encode(), "！".encode(), "‡".encode()])
def test_signs_in_place_of_subfield_marks(mark: bytes) -> None:
    body = SOUND[BASE:].replace(b"\x1f", mark)
    record = read(SOUND[:BASE] + body)
    assert Rule.DELIMITERS_SUBSTITUTED in record.rules or Rule.DELIMITERS_SUBSTITUTED in (
        with_subfields(record).rules
    )
    assert contents(with_subfields(record))[2] == (b"245", b"10\x1faTitle\x1fbsub")


def test_a_dollar_price_is_no_subfield_mark() -> None:
    record = source("001 a | 245 10$aTitle | 020 $a123$c$5.00")
    assert with_subfields(record) == record


def test_fields_in_another_order_than_their_directory_are_no_damage() -> None:
    pieces = {b"001": b"a1\x1e", b"245": b"10\x1faTitle\x1e"}
    body = pieces[b"245"] + pieces[b"001"]
    directory = b"001%04d%05d" % (3, len(pieces[b"245"])) + b"245%04d%05d" % (
        len(pieces[b"245"]),
        0,
    )
    base = 24 + len(directory) + 1
    data = (
        b"%05dnam a22%05d a 4500" % (base + len(body) + 1, base)
        + directory
        + b"\x1e"
        + body
        + b"\x1d"
    )
    record = read(data)
    assert not record.rules
    assert contents(record) == [(b"001", b"a1"), (b"245", b"10\x1faTitle")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.TOO_SHORT),
        (b"00026nam a2200025 a 4500\x1e\x1d", Reason.TOO_SHORT),
        (SOUND[:-30], Reason.TRUNCATED),
        (SOUND[: BASE + 20] + b"\x1d", Reason.TRUNCATED),
        (b"this is a letter to the library and no record at all, sorry", Reason.NOT_A_RECORD),
    ],
)
def test_what_cannot_be_mended_has_a_reason(data: bytes, reason: Reason) -> None:
    lost = mend(data)
    assert isinstance(lost, Lost)
    assert lost.reason == reason


def test_every_finding_but_mend_has_its_rule() -> None:
    from lianguan.engine.read.iso2709 import RULE_OF_FINDING

    assert set(RULE_OF_FINDING) == set(range(framing.MEND))
