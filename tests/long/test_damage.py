"""Whatever happens to one record in five, the others come out as they went in, and both readers
say the same of all of them. The small trials are part of every run; the full ones are long."""

import csv
from importlib import resources

import pytest

from lianguan.engine.read.findings import Reason, Refused, Rule
from tests.long import full, material, tables, xml
from tests.long.iso2709 import Tally, reads_of
from tests.long.tables import TableTally

MOST_SECONDS = 1.0


def words() -> set[str]:
    text = resources.files("lianguan.engine").joinpath("words.csv").read_text("utf-8")
    return {line["code"] for line in csv.DictReader(text.splitlines())}


def holds(tally: Tally) -> None:
    assert tally.lost_neighbours == []
    assert tally.disagreements == []
    assert tally.findings.keys() <= words()
    assert tally.longest < MOST_SECONDS


def table_holds(tally: TableTally) -> None:
    assert tally.failures == []
    assert tally.lost_neighbours == []
    assert tally.codes.keys() <= words()
    assert tally.longest < MOST_SECONDS


@pytest.mark.parametrize("kind", material.MAKERS)
def test_damaged_records_never_cost_their_neighbours(kind: str) -> None:
    holds(full.iso_tally(kind, range(7000, 7002), 600))


@pytest.mark.parametrize("kind", xml.KINDS)
def test_damaged_xml_never_costs_its_neighbours(kind: str) -> None:
    holds(full.xml_tally(kind, range(7000, 7008)))


def test_damaged_rows_never_cost_their_neighbours() -> None:
    table_holds(full.text_tally(range(7000, 7040)))


def test_damaged_workbooks_are_read_or_refused() -> None:
    table_holds(full.book_tally(range(90_000, 90_250)))


def test_every_rule_and_reason_has_its_words() -> None:
    codes = {code for rule in Rule for code in rule.codes}
    assert codes | {reason.value for reason in Reason} <= words()


@pytest.mark.parametrize("how", ["plain", "compiled"])
@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!entity % p SYSTEM "http://localhost/x"> %p;]>',
        "<!-- " + "x" * 300_000 + ' --><!DOCTYPE x [<!ENTITY a "b">]>',
    ],
    ids=["laughs", "file", "parameter", "late"],
)
def test_entity_bombs_are_refused_by_both_readers(head: str, how: str) -> None:
    data = xml.HEAD.replace(b"<collection", head.encode() + b"<collection")
    with pytest.raises(Refused, match="xml_entities"):
        reads_of(data + xml.made("MARC 21 in XML", 1)[0] + xml.TAIL, how)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "files"), full.ISO_FILES.items())
def test_a_thousand_damaged_files(kind: str, files: int) -> None:
    holds(full.iso_tally(kind, range(files)))


@pytest.mark.long
@pytest.mark.parametrize("name", material.REAL_FILES)
def test_damaged_files_of_real_records(name: str) -> None:
    if not (material.REAL / name).exists():
        pytest.skip("the shared records are not here")
    holds(full.real_tally(name, range(full.REAL_FILES)))


@pytest.mark.long
@pytest.mark.parametrize("kind", xml.KINDS)
def test_twenty_thousand_mutants_in_xml(kind: str) -> None:
    tally = full.xml_tally(kind, range(full.XML_FILES))
    holds(tally)
    assert 3 * (tally.records - tally.sound) > 20_000


@pytest.mark.long
def test_twelve_thousand_damaged_rows() -> None:
    table_holds(full.text_tally(range(full.TEXT_TABLES)))


@pytest.mark.long
def test_twenty_thousand_damaged_workbooks() -> None:
    table_holds(full.book_tally(range(full.BOOKS)))


@pytest.mark.long
def test_workbooks_through_the_child_that_the_engine_starts() -> None:
    for book in tables.books() * 5:
        assert tables.whole_way(book) == "read"
        assert tables.whole_way(book[: len(book) // 2]) == "refused: workbook_broken"
