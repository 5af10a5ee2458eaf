"""What members send, loaded: new, changed, deleted, said twice, without a number, damaged."""

import json
from pathlib import Path

import pytest

from lianguan.engine.match.grouping import Numbers
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import candidates
from lianguan.engine.union.database import building
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.loading import set_aside_file
from tests.making import iso2709, source
from tests.union.hub import Hub, book

ISBN = "9787020049295"


def test_two_libraries_describe_one_book_and_it_is_one_entry(hub: Hub) -> None:
    hub.send("JN", book("1", isbn=ISBN))
    loaded = hub.send("HB", book("A7", title="平凡的世界", isbn="7-02-004929-X"))
    assert (loaded.new, loaded.entries, loaded.works) == (1, 1, 1)
    assert hub.together() == {frozenset({"JN:1", "HB:A7"})}


def test_the_same_file_again_changes_nothing(hub: Hub) -> None:
    data = book("1") + book("2", title="人生")
    hub.send("JN", data)
    before = hub.everything()
    again = hub.send("JN", data)
    assert (again.new, again.changed, again.unchanged, again.deleted) == (0, 0, 2, 0)
    assert hub.everything() == before


def test_a_corrected_record_replaces_the_old_one_and_leaves_its_entry(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    assert len(hub.together()) == 1
    loaded = hub.send("HB", book("9", title="早晨从中午开始"))
    assert (loaded.new, loaded.changed) == (0, 1)
    assert hub.together() == {frozenset({"JN:1"}), frozenset({"HB:9"})}


def test_a_record_marked_deleted_goes_and_its_address_leads_to_what_is_left(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    with hub.catalogue() as before:
        entry = before.address_of("HB:9")
        addresses = [row[0] for row in before.connection.execute("SELECT address FROM records")]
    deleted = bytearray(book("9"))
    deleted[5:6] = b"d"
    loaded = hub.send("HB", bytes(deleted))
    assert (loaded.deleted, loaded.marked_deleted) == (1, 1)
    with hub.catalogue() as after:
        left = after.address_of("JN:1")
        assert {after.canonical(address) for address in (*addresses, entry)} == {left}


def test_a_book_that_every_library_withdrew_still_has_its_address(hub: Hub) -> None:
    hub.send("JN", book("1"))
    with hub.catalogue() as before:
        entry = before.address_of("JN:1")
    deleted = bytearray(book("1"))
    deleted[5:6] = b"d"
    hub.send("JN", bytes(deleted))
    with hub.catalogue() as after:
        assert after.canonical(entry) == entry
        assert after.entry(entry) is None
        assert after.canonical("nevergiven234") is None
        assert after.search("平凡").total == 0
    hub.send("JN", book("1"))
    with hub.catalogue() as again:
        view = again.entry(entry)
        assert view is not None
        assert view.shown.title.value == "平凡的世界"


def test_a_full_delivery_deletes_what_it_does_not_have(hub: Hub) -> None:
    many = [book(str(n), title=f"第{n}种书的题名") for n in range(40)]
    hub.send("JN", b"".join(many))
    loaded = hub.send("JN", b"".join(many[2:]), is_full=True)
    assert (loaded.deleted, loaded.unchanged) == (2, 38)
    assert len(hub.entries()) == 38


def test_a_full_delivery_that_would_delete_over_a_tenth_is_refused_until_somebody_says_yes(
    hub: Hub,
) -> None:
    many = [book(str(n), title=f"第{n}种书的题名") for n in range(40)]
    hub.send("JN", b"".join(many))
    before = hub.everything()
    with pytest.raises(Refused, match="deletes_too_much"):
        hub.send("JN", b"".join(many[:20]), is_full=True)
    assert hub.everything() == before
    with hub.catalogue() as catalogue:
        assert len(list(catalogue.sources.every())) == 1, "the refused delivery is not in the log"
    loaded = hub.send("JN", b"".join(many[:20]), is_full=True, may_delete=True)
    assert loaded.deleted == 20


def test_a_rehearsal_says_what_would_change_and_changes_nothing(hub: Hub) -> None:
    hub.send("JN", book("1"))
    before = hub.everything()
    said = hub.send("JN", book("1", year="2005") + book("2", title="人生"), is_rehearsal=True)
    assert (said.new, said.changed) == (1, 1)
    assert hub.everything() == before
    with hub.catalogue() as catalogue:
        assert catalogue.search("人生").total == 0
        assert len(list(catalogue.sources.every())) == 1


def test_one_number_twice_in_a_file_keeps_both_records_and_says_so(hub: Hub) -> None:
    loaded = hub.send("JN", book("1") + book("1", title="人生"))
    assert loaded.new == 2
    assert loaded.repaired == {"number_twice": 1}
    assert set(hub.entries()) == {"JN:1", "JN:1~2"}
    assert hub.send("JN", book("1") + book("1", title="人生")).unchanged == 2


def test_records_without_numbers_are_known_again_by_their_bytes(hub: Hub) -> None:
    nameless = book("x").replace(b"001", b"009")
    first = hub.send("NP", nameless)
    again = hub.send("NP", nameless)
    assert (first.new, again.unchanged) == (1, 1)
    assert next(iter(hub.entries())).startswith("NP:h")


def test_the_profile_says_where_the_number_is(hub: Hub) -> None:
    path = hub.inbox / "x.mrc"
    path.write_bytes(book("1", extra="035   $a(OCoLC)77"))
    import_files(hub.root, [path], Order("JN", key="035$a"))
    assert set(hub.entries()) == {"JN:(OCoLC)77"}
    import_files(hub.root, [path], Order("JN"))
    assert set(hub.entries()) == {"JN:(OCoLC)77"}, "the profile is kept"


def test_what_cannot_be_read_is_listed_with_its_place_and_reason(hub: Hub) -> None:
    good, bad = book("1"), b"00026nam  22000250  4500\x1e\x1d"
    loaded = hub.send("JN", good + bad + book("2", title="人生"))
    assert loaded.new == 2
    listed = set_aside_file(hub.root, loaded)
    assert listed is not None
    lines = [json.loads(line) for line in listed.read_text("utf-8").splitlines()]
    assert [(line["file"], line["offset"]) for line in lines] == [("0-records.mrc", len(good))]
    assert lines[0]["reason"] == "nothing_in_it"


def test_copies_in_a_second_file_are_joined_and_those_without_a_record_are_listed(
    hub: Hub,
) -> None:
    items = "记录号,条码,索书号\n1,JN0001,I247.5/1\n1,JN0002,I247.5/1\n77,JN0003,K2\n".encode()
    loaded = hub.send("JN", book("1"), items, name="x")
    assert (loaded.new, loaded.items) == (1, 3)
    assert [(one.reason, one.detail) for one in loaded.set_aside] == [("record_missing", "77 (1)")]
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:1"))
        assert view is not None
        assert [held.holding.barcodes for held in view.shown.holdings] == [("JN0001",), ("JN0002",)]
    again = hub.send("JN", "记录号,条码\n1,JN0009\n".encode(), name="items.csv")
    assert (again.new, again.items) == (0, 1)
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:1"))
        assert view is not None
        assert [held.holding.barcodes for held in view.shown.holdings] == [("JN0009",)]


def holdings_record(number: str, of: str, held: str, status: str = "n") -> bytes:
    """A MARC 21 holdings record of a serial (type y)."""
    leader = b"00000" + status.encode() + b"y  a2200000zi 4500"
    lines = f"001 {number} | 004 {of} | 008 0001014u    8   4001uueng0000000 | 852 0 $b报库$hZ62"
    return iso2709(source(f"{lines} | 853 20$81$av.$i(year) | {held}", leader))


def test_holdings_records_that_come_apart_are_joined_and_deleted_ones_hold_nothing(
    hub: Hub,
) -> None:
    serial = iso2709(source("001 s1 | 245 00$a青海湖畔", b"00000nas a2200000 a 4500"))
    first = holdings_record("h1", "s1", "863 40$81.1$a1-12$i1990-2001")
    gone = holdings_record("h2", "s1", "866 41$80$av.1-99", status="d")
    unknown = holdings_record("h3", "s9", "866 41$80$av.1", status="d")
    loaded = hub.send("JN", serial + first + gone + unknown)
    assert (loaded.new, loaded.items, loaded.set_aside) == (1, 1, [])
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:s1"))
        assert view is not None
        (held,) = view.shown.holdings
        assert (held.holding.location, held.holding.volumes) == ("报库", "v.1-12 (1990-2001)")
        assert held.holding.receipt == "current"
    hub.send("JN", holdings_record("h1", "s1", "866 41$80$av.1-12", status="d"), name="mfhd.mrc")
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:s1"))
        assert view is not None
        assert view.shown.holdings == ()


def test_a_county_sends_a_table_and_rows_of_one_book_are_copies(hub: Hub) -> None:
    table = "书名,著者,出版社,年,条码\n平凡的世界,路遥,人民文学出版社,2004,G1\n平凡的世界,路遥,人民文学出版社,2004,G2\n"
    hub.send("JN", book("1"))
    loaded = hub.send("GC", table.encode(), name="books.csv")
    assert (loaded.new, loaded.entries) == (1, 1)
    with hub.catalogue() as catalogue:
        profile = catalogue.sources.profile("GC")
        assert profile.recognised["书名"] == "title"
        view = catalogue.entry(catalogue.address_of("JN:1"))
        assert view is not None
        assert view.shown.libraries == ("GC", "JN")


def test_columns_that_are_not_recognised_are_named_once_and_kept(hub: Hub) -> None:
    path = hub.inbox / "x.csv"
    path.write_text("甲,乙\n平凡的世界,路遥\n", "utf-8")
    with pytest.raises(Refused, match="no_columns"):
        import_files(hub.root, [path], Order("GC"))
    with pytest.raises(Refused, match="columns_unknown_heading"):
        import_files(hub.root, [path], Order("GC", columns="title=丙"))
    import_files(hub.root, [path], Order("GC", columns="title=甲,agent=乙"))
    again = import_files(hub.root, [path], Order("GC"))
    assert again.unchanged == 1


def test_another_builder_at_work_is_named(hub: Hub) -> None:
    hub.send("JN", book("1"))
    with building(hub.root, "import HB"), pytest.raises(Refused, match="import HB"):
        hub.send("JN", book("2"))


def test_a_file_that_is_not_there_or_a_wrong_code_changes_nothing(hub: Hub) -> None:
    with pytest.raises(Refused, match="file_not_found"):
        import_files(hub.root, [Path("nowhere.mrc")], Order("JN"))
    with pytest.raises(Refused, match="library_code_wrong"):
        hub.send("济南", book("1"))
    assert not (hub.root / "sources").exists()


def test_a_change_that_matching_does_not_see_is_shown_and_found_and_compares_nothing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1") + book("2", title="人生"))
    hub.send("HB", book("9"))
    compared: list[int] = []
    whole = candidates.Candidates._decided

    def decided(self: candidates.Candidates, rows: Numbers) -> Numbers:
        compared.append(len(rows))
        return whole(self, rows)

    monkeypatch.setattr(candidates.Candidates, "_decided", decided)
    loaded = hub.send("HB", book("9", extra="606 0 $a黄土高原"))
    assert (loaded.changed, compared) == (1, [0])
    with hub.catalogue() as catalogue:
        assert [hit.libraries for hit in catalogue.search("黄土高原").hits] == [("HB", "JN")]
    hub.send("HB", book("9", title="人生", extra="606 0 $a黄土高原"))
    assert compared[1] > 0
    assert hub.together() == {frozenset({"JN:1"}), frozenset({"JN:2", "HB:9"})}
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
