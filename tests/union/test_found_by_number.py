"""What has a bar code or a record number is found by it."""

from lianguan.engine.union.granting import TermsOrder, change_terms
from tests.union.hub import Hub, book


def copies(*rows: str) -> bytes:
    """A table of copies: record number, bar code."""
    return "\n".join(("记录号,条码", *rows)).encode()


def found(hub: Hub, number: str) -> list[str]:
    """The records behind what a search for a number finds."""
    with hub.catalogue() as catalogue:
        hits = catalogue.search(number).hits
        return sorted(
            key
            for one in catalogue.titles_of(tuple(hit.entry for hit in hits)).values()
            for key in one.records
        )


def generation(hub: Hub) -> str:
    with hub.catalogue() as catalogue:
        return catalogue.generation()


def test_a_book_is_found_by_its_bar_code_and_by_its_record_number(hub: Hub) -> None:
    hub.send("JN", book("k1", extra="905   $aJN$bJN0004711") + book("k2", title="人生"))
    for number in ("JN0004711", "jn0004711", "k1", "JN:k1", "平凡的世界 JN0004711"):
        assert found(hub, number) == ["JN:k1"], number
    assert found(hub, "JN000471") == []
    assert found(hub, "人生 JN0004711") == []


def test_one_bar_code_of_ten_figures_could_be_an_isbn_and_is_found_all_the_same(hub: Hub) -> None:
    hub.send("JN", book("1", extra="905   $aJN$b7020002218") + book("2", title="人生"))
    hub.send("HB", book("3", title="史记", isbn="978-7-02-000221-4"))
    assert found(hub, "7020002218") == ["HB:3", "JN:1"]
    assert found(hub, "9787020002214") == ["HB:3"]


def test_a_delivery_of_copies_alone_is_found_at_once_and_counts_as_a_change(hub: Hub) -> None:
    hub.send("JN", book("1"), copies("1,A001"), name="x")
    hub.send("HB", book("2", title="人生"))
    before = generation(hub)
    hub.send("JN", copies("1,A002"), name="items.csv")
    assert generation(hub) != before
    assert (found(hub, "A001"), found(hub, "A002")) == ([], ["JN:1"])
    before = generation(hub)
    hub.send("JN", copies("1,A002", "99,A003"), name="items.csv")
    assert generation(hub) == before
    assert found(hub, "A003") == []


def test_copies_that_are_taken_back_are_not_found_any_more(hub: Hub) -> None:
    hub.send("JN", book("1"), copies("1,A001"), name="x")
    late = hub.send("JN", copies("1,A002"), name="items.csv")
    hub.withdraw(late)
    assert (found(hub, "A001"), found(hub, "A002")) == (["JN:1"], [])


def test_a_full_delivery_of_copies_leaves_out_those_that_it_does_not_have(hub: Hub) -> None:
    hub.send("JN", book("1") + book("2", title="人生"), copies("1,A001", "2,A002"), name="x")
    hub.send("JN", copies("1,A001"), name="items.csv", is_full=True)
    assert (found(hub, "A001"), found(hub, "A002")) == (["JN:1"], [])


def test_copies_that_came_before_their_record_are_found_when_it_comes(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("JN", copies("7,A007"), name="items.csv")
    assert found(hub, "A007") == []
    hub.send("JN", book("7", title="人生"))
    assert found(hub, "A007") == ["JN:7"]


def test_a_bar_code_that_its_member_hides_is_not_found(hub: Hub) -> None:
    hub.send("JN", book("1", extra="905   $aJN$bJN0004711"), copies("1,A001"), name="x")
    hub.send("HB", book("9", extra="905   $aHB$bHB0004711"))
    change_terms(hub.root, "JN", TermsOrder(hide="905$b,条码"))
    assert [found(hub, said) for said in ("JN0004711", "A001")] == [[], []]
    assert found(hub, "HB0004711") == ["HB:9", "JN:1"]
    change_terms(hub.root, "JN", TermsOrder(hide=""))
    assert [found(hub, said) for said in ("JN0004711", "A001")] == [["HB:9", "JN:1"]] * 2


def test_after_a_rebuild_the_same_is_found(hub: Hub) -> None:
    hub.send("JN", book("1", extra="905   $aJN$bJN0004711"), copies("1,A001"), name="x")
    hub.send("HB", book("9"))
    hub.send("HB", copies("9,H009"), name="items.csv")
    numbers = ("JN0004711", "A001", "H009", "1", "9", "HB:9")
    before = [found(hub, said) for said in numbers]
    assert before == [["HB:9", "JN:1"]] * len(numbers)
    hub.rebuild()
    assert [found(hub, said) for said in numbers] == before
