"""What the three members send, and what becomes of it when it is read."""

from collections import Counter
from pathlib import Path

import pytest

from demo.build import build
from demo.facts import LIBRARIES, described, facts
from lianguan.discovery.serials import serial_held
from lianguan.engine.match.decide import SAME, decide
from lianguan.engine.match.features import features_of
from lianguan.engine.match.levels import Facts
from lianguan.engine.merge import merge
from lianguan.engine.read.findings import Reason, Rule
from lianguan.engine.read.repair import Lost
from lianguan.engine.record import Record
from lianguan.engine.text.issue_runs import OPEN
from tests.demo.members import files, reads, records


def number(member: str, key: str) -> str:
    """LIBRARY:NUMBER of a member's first record of an edition."""
    return next(one.name for one in described(member) if one.fact.key == key)


def record(member: str, key: str) -> Record:
    return records()[number(member, key)]


def test_the_files_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    again = {path.name: path.read_bytes() for path in build(tmp_path)}
    assert again == files()


def test_every_edition_is_held_by_somebody_and_every_record_is_numbered_once() -> None:
    said = [one for member in "JHG" for one in described(member)]
    assert {one.fact.key for one in said} == set(facts())
    assert len({one.name for one in said}) == len(said)


def test_all_that_jinan_sends_is_read_without_any_repair() -> None:
    assert all(isinstance(read.what, Record) and not read.rules for read in reads("J"))
    assert {read.encoding for read in reads("J")} == {"utf-8"}
    assert len(reads("J")) == len(described("J"))


def test_of_haibei_two_records_are_set_aside_and_four_repaired_while_their_neighbours_are_kept() -> (
    None
):
    lost = [read.what.reason for read in reads("H") if isinstance(read.what, Lost)]
    assert lost == [Reason.TRUNCATED, Reason.NOT_A_RECORD]
    assert Counter(rule for read in reads("H") for rule in read.rules) == {
        Rule.LENGTH_WRONG: 1,
        Rule.DIRECTORY_WRONG: 1,
        Rule.DELIMITERS_SUBSTITUTED: 1,
        Rule.RULES_PREFIX: 1,
    }
    whole = {one.name for one in described("H") if one.damage not in ("cut", "directory_lost")}
    assert whole == {name for name in records() if name.startswith(LIBRARIES["H"])}


def test_the_damaged_records_of_haibei_say_what_they_said_before() -> None:
    for one in described("H"):
        if one.damage in ("length", "directory", "marks", "prefix"):
            title = records()[one.name].title
            assert title is not None
            assert title.text == one.fact.title


def test_tibetan_survives_its_four_bytes_in_gb18030() -> None:
    sent = [
        one
        for one in described("H")
        if one.fact.title[0] >= "\u0f00" and one.fact.language == "tib"
    ]
    tibetan = [one for one in sent if "\u0f00" <= one.fact.title[0] <= "\u0fff"]
    assert len(tibetan) > 15
    assert all((t := records()[o.name].title) and t.text == o.fact.title for o in tibetan)


def test_all_rows_of_the_county_are_read_and_a_record_has_all_its_copies() -> None:
    assert all(isinstance(read.what, Record) for read in reads("G"))
    for one in described("G"):
        assert len(records()[one.name].holdings) == one.copies


def test_the_county_typed_an_isbn_as_a_number_and_its_zeros_come_back() -> None:
    found = record("G", "charlotte-s-web-en")
    assert [i.value for i in found.identified("isbn")] == ["9780064410939"]
    mended = [read for read in reads("G") if Rule.ISBN_LEADING_ZEROS in read.rules]
    assert found in [read.what for read in mended]


def test_an_isbn_that_excel_has_spoilt_is_told_and_not_guessed() -> None:
    spoilt = [i for i in record("G", "festivals").identifiers if i.scheme == "isbn_damaged"]
    assert len(spoilt) == 1


def test_bar_codes_that_excel_has_spoilt_are_told_and_not_guessed() -> None:
    found = [h for r in records().values() for h in r.holdings if "barcode_damaged" in h.note]
    assert len(found) == 2
    assert not any(holding.barcodes for holding in found)


def test_haibei_and_the_county_have_the_same_bar_codes_on_different_books() -> None:
    codes = {
        member: {
            code
            for name, one in records().items()
            if name.startswith(LIBRARIES[member])
            for holding in one.holdings
            for code in holding.barcodes
        }
        for member in "HG"
    }
    assert codes["H"] & codes["G"]


def test_three_members_hold_one_serial_and_say_each_in_its_own_way_which_years() -> None:
    held = {member: record(member, "qinghai-lakeside") for member in "JHG"}
    assert {one.level for one in held.values()} == {"serial"}
    shown = merge({f"{member}:1": one for member, one in held.items()})
    found = {one.library: one for one in serial_held(shown).libraries}
    years = {member: [(s.first, s.last) for s in one.years] for member, one in found.items()}
    assert years == {
        "J": [(1985, 2001), (2003, OPEN)],
        "H": [(1988, 1995), (1997, 1999), (2004, 2004)],
        "G": [(2019, 2021), (2023, 2023)],
    }
    gaps = {member: [s.first for s in one.in_part] for member, one in found.items()}
    assert gaps == {"J": [], "H": [1993], "G": [2020]}
    assert {member: one.receipt for member, one in found.items()} == {
        "J": "",
        "H": "",
        "G": "current",
    }


@pytest.mark.parametrize(("left", "right"), ["JH", "JG", "HG"])
def test_the_serial_of_any_two_members_is_one(left: str, right: str) -> None:
    a, b = (features_of(record(member, "qinghai-lakeside")) for member in (left, right))
    assert decide(a, b, Facts()).decision == SAME


def test_jinan_writes_what_cnmarc_has_fields_for() -> None:
    tags = {
        tag
        for tag in "010 100 101 102 105 106 200 205 210 215 225 300 312 330 461 510 541 606 690 701 702 711 801 905".split()
        if f"{tag}".encode() in files()["jinan.mrc"]
    }
    assert len(tags) == 24
    assert record("J", "hongloumeng-set").holdings[0].call_number.startswith("I242.4/")
