"""The same rows over one record and over a file: the same record."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.mapping import opened
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.stream import Options, Read
from lianguan.engine.read.files import _in_memory
from lianguan.engine.read.findings import Reason, Rule
from lianguan.engine.read.repair import Lost
from lianguan.engine.read.source import SourceField, SourceRecord
from tests.damage import damaged
from tests.making import MARC21, cnmarc, iso2709, source, xml

TAGS = "001 003 004 005 007 008 010 020 022 024 035 041 082 084 100 110 130 240 245 246 250 260 264 300 338 490 500 505 520 533 600 650 653 700 710 740 773 776 780 830 852 853 856 863 866 867 876 880 952 999".split()
TEXTS = [
    "", " ", "a", "The title /", "9787020002207", "7-02-000220-X (pbk.)", "青海湖志", "མཚོ་སྔོན།",
    "s2016    xxu", "990802s1999    mauab    b    001 0 eng  ", "eng", "engfre", "c1994.", "(OCoLC)ocm0123",
    "1.1", "1", "22.3", "1-12", "1990-2001", "v.", "(year)", "0001014u    8   4001uueng0000000", "245-01/$1", "880-01", "&amp; {cr:NLC}x", "cr bn", "Été = Summer : a play", "http://example.org/a?b=c&d",
]  # fmt: skip


def fields() -> st.SearchStrategy[SourceField]:
    subfield = st.tuples(st.sampled_from("abcdehnptvxyz0246"), st.sampled_from(TEXTS))
    data = st.builds(
        lambda ind, subs: (ind + "".join(f"\x1f{c}{t}" for c, t in subs)).encode(),
        st.sampled_from(["  ", "1 ", "10", " 0", "04"]),
        st.lists(subfield, min_size=1, max_size=5),
    )
    control = st.sampled_from([text.encode() for text in TEXTS])
    return st.sampled_from(TAGS).flatmap(
        lambda tag: st.builds(
            lambda d: SourceField(tag.encode(), d), control if tag < "010" else data
        )
    )


records = st.lists(fields(), min_size=1, max_size=14).map(
    lambda made: SourceRecord(MARC21, (SourceField(b"245", b"10\x1faT"), *made))
)


BOOK = "001 a | 200 1 $a题名 | 690   $aK29"
HELD = [
    "905   $aJN$y1990", "907   $aJN$v1-3$n5", "920   $a211$z0", "930   $5X:1$aA$cB", "930   $aQ$v3",
    "955   $5X:1$r2000-", "959   $5X:1$r2003", "852   $aL$82",
]  # fmt: skip


def both_ways(data: bytes, options: Options | None = None) -> tuple[list[Read], list[Read]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "WORTH_COMPILING", 1)
        fast = list(open_file(_in_memory("f", data), options).reads)
        patch.setenv("LIANGUAN_PLAIN", "1")
        return fast, list(open_file(_in_memory("f", data), options).reads)


@settings(max_examples=120, deadline=None)
@given(st.lists(records, min_size=1, max_size=6))
def test_iso2709_in_bulk_says_what_one_by_one_says(made: list[SourceRecord]) -> None:
    fast, plain = both_ways(b"".join(iso2709(record) for record in made))
    assert fast == plain
    assert len(fast) == len(made)


@settings(max_examples=80, deadline=None)
@given(st.lists(records, min_size=1, max_size=6))
def test_marcxml_says_what_iso2709_says(made: list[SourceRecord]) -> None:
    fast, plain = both_ways(xml(made), Options(format="marc21"))
    in_iso, _ = both_ways(b"".join(iso2709(record) for record in made), Options(format="marc21"))
    assert [read.what for read in fast] == [read.what for read in plain]
    assert [read.what for read in fast] == [read.what for read in in_iso]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(HELD), max_size=9), min_size=1, max_size=6))
def test_holdings_of_several_fields_in_bulk_are_those_of_one_by_one(made: list[list[str]]) -> None:
    whole = [cnmarc(" | ".join((BOOK, *lines))) for lines in made]
    fast, plain = both_ways(b"".join(whole))
    assert fast == plain
    assert len(fast) == len(made)


def test_statements_and_captions_in_bulk_are_put_together() -> None:
    lines = "001 {} | 245 10$aT | 852 0 $bP | 853 20$81$av.$i(year) | 863 40$81.1$a1-{}$i1990-"
    data = b"".join(iso2709(source(lines.format(i, 2 + i % 3))) for i in range(40))
    fast, plain = both_ways(data)
    assert fast == plain
    assert {h.volumes for read in fast for h in read.what.holdings} == {  # type: ignore[union-attr]
        "v.1-2 (1990-)", "v.1-3 (1990-)", "v.1-4 (1990-)",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_damaged_files_are_read_alike(seed: int) -> None:
    chance = random.Random(seed)
    texts = ["红楼梦", "青海湖志", "Été", "Title"]
    made = []
    for i in range(60):
        lines = f"001 {i} | 101 0 $achi | 200 1 $a{chance.choice(texts)}$f张三主编 | 690   $aK29"
        made.append(cnmarc(lines, chance.choice(["utf-8", "gb18030"])))
    data, sound = damaged(made, seed)
    fast, plain = both_ways(data)
    assert fast == plain
    kept = [read.raw for read in fast if read.raw in set(sound)]
    assert kept == sound


def test_gbk_and_utf8_in_one_file() -> None:
    lines = "001 {} | 200 1 $a青海湖志$f张三主编 | 690   $aK29"
    data = b"".join(cnmarc(lines.format(i), "gb18030" if i % 2 else "utf-8") for i in range(40))
    fast, plain = both_ways(data)
    assert fast == plain
    assert {read.what.titles[0].text for read in fast} == {"青海湖志"}  # type: ignore[union-attr]
    assert [read.encoding for read in fast[:2]] == ["utf-8", "gb18030"]


def test_an_encoding_told_by_a_person_goes_before_the_evidence() -> None:
    data = cnmarc("001 1 | 200 1 $a臺灣文學史$f某人著 | 690   $aK29", "big5")
    fast, plain = both_ways(data, Options(encoding="big5"))
    assert fast == plain
    assert fast[0].what.titles[0].text == "臺灣文學史"  # type: ignore[union-attr]


def test_a_leader_that_lies_is_said() -> None:
    record = source("001 1 | 245 10$aÉté", b"00000nam  2200000 a 4500")
    fast, plain = both_ways(iso2709(record))
    assert fast == plain
    assert fast[0].rules == Rule.LEADER_LIES


def test_a_leader_that_lies_is_said_though_some_bytes_are_broken() -> None:
    lines = "001 1 | 245 10$aÉté à la campagne | 500 $aété, élève, français, événement"
    text = iso2709(source(lines, b"00000nam  2200000 a 4500"))
    fast, plain = both_ways(text.replace("à".encode(), b"\xa0\xa0"))
    assert fast == plain
    assert fast[0].rules == Rule.LEADER_LIES | Rule.BYTES_REPLACED


def test_bytes_of_leader_and_directory_say_nothing_of_the_encoding() -> None:
    text = iso2709(source("001 1 | 245 10$aTitle | 999 $aown", b"00000nam  2200000 a 4500"))
    fast, plain = both_ways(text[:17] + "é".encode() + text[19:])
    assert fast == plain
    assert not fast[0].rules


def test_a_subfield_mark_written_twice_costs_no_subfield() -> None:
    text = iso2709(source("001 1 | 245 10$aTitle$$bsub$cName | 300 $a9 p."))
    fast, plain = both_ways(text)
    assert fast == plain
    assert fast[0].what.titles[0].other == ("sub",)  # type: ignore[union-attr]


def test_a_record_without_any_subfield_mark_is_set_aside() -> None:
    sound = iso2709(source("001 1 | 245 10$aTitle$bsub | 300 $a9 p."))
    fast, plain = both_ways(sound + sound.replace(b"\x1f", b" ") + sound.replace(b"\x1f", b"$"))
    assert fast == plain
    assert [read.what for read in fast][1] == Lost(Reason.SUBFIELDS_LOST)
    assert fast[2].what == fast[0].what


def test_frequent_values_are_forgotten_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from lianguan.engine.read import distinct

    monkeypatch.setattr(distinct, "VALUES_KEPT", 64)
    monkeypatch.setattr(distinct, "WORDS_KEPT", 512)
    made = [
        iso2709(source(f"001 n{i} | 245 10$aTitle {i % 7} | 100 1 $aName {i % 3}"))
        for i in range(900)
    ]
    fast, plain = both_ways(b"".join(made))
    assert fast == plain


def test_a_position_that_cuts_a_character_is_no_damage() -> None:
    fixed = (
        "008 830301s1898\u00a0\u00a0\u00a0\u00a0oncab\u00a0\u00a0\u00a0\u00a0\u00a000\u00a00 eng d"
    )
    made = [source(f"{fixed} | 245 10$aUpper Canada sketches", MARC21)]
    for data in (xml(made), iso2709(made[0])):
        fast, plain = both_ways(data, Options(format="marc21"))
        assert fast[0].what == plain[0].what
        assert fast[0].what.year == 1898  # type: ignore[union-attr]
        assert not fast[0].rules | plain[0].rules


def test_repairs_of_a_field_that_does_not_count_are_not_those_of_the_record() -> None:
    """830 is read for the series only where 490 is not there."""
    one = source("001 1 | 245 10$aTitle | 830  0$aRows &amp; rows")
    other = source("001 2 | 245 10$aTitle | 490 1 $aRows | 830  0$aRows &amp; rows")
    for order in ([one, other], [other, one]):
        fast, plain = both_ways(b"".join(map(iso2709, order)))
        assert fast == plain
        assert {read.what.number: read.rules.codes for read in fast} == {  # type: ignore[union-attr]
            "1": ("character_references",),
            "2": (),
        }


def test_a_record_that_says_anything_but_its_leader_is_kept() -> None:
    says = iso2709(source("007 cr | 338 $aonline resource"))
    nothing = iso2709(source("003 XX | 005 20200101000000.0 | 337 $acomputer"))
    fast, plain = both_ways(says + nothing)
    assert fast == plain
    assert [isinstance(read.what, Lost) for read in fast] == [False, True]


def test_a_damaged_field_end_is_no_text_that_the_leader_lies_about() -> None:
    text = iso2709(source("001 1 | 245 10$aTitle | 300 $a9 p.", MARC21.replace(b"a22", b" 22")))
    damaged = text[:-2] + b"\xd6\x1d"
    fast, plain = both_ways(damaged + text)
    assert fast == plain
    assert fast[0].rules.codes == ("field_end_damaged",)
