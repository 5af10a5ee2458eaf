"""A title alone names a work where it is clear, and none where one library has two texts under it."""

from tests.union.hub import Hub, book

INCENSE, PRAISE = "བསང་མཆོད་ཀྱི་ཆོ་ག", "འཇམ་དཔལ་ལ་བསྟོད་པ"


def text(number: str, title: str, year: str = "") -> bytes:
    """A text of a collection: a title, and nobody who made it."""
    return book(number, title=title, agent="", publisher="", year=year)


def others(hub: Hub, key: str) -> set[str]:
    """The records that stand in other entries of the same work."""
    works, entries = hub.works(), hub.entries()
    return {
        one for one, work in works.items()
        if work and work == works[key] and entries[one] != entries[key]
    }  # fmt: skip


def test_one_text_in_two_collections_is_one_work(hub: Hub) -> None:
    hub.send("JN", text("1", INCENSE, "1733"))
    hub.send("HB", text("9", INCENSE, "1958") + text("8", PRAISE))
    assert others(hub, "JN:1") == {"HB:9"}
    assert others(hub, "HB:8") == set()
    with hub.catalogue() as catalogue:
        entry = catalogue.entry(hub.entries()["JN:1"])
        assert entry is not None
        assert entry.same_work == (hub.entries()["HB:9"],)


def test_two_texts_of_one_library_under_one_title_are_no_work_until_one_is_gone(hub: Hub) -> None:
    hub.send("JN", text("1", INCENSE, "1733"))
    hub.send("HB", text("9", INCENSE, "1958"))
    second = hub.send("JN", text("2", INCENSE, "1801"))
    assert others(hub, "JN:1") == set() == others(hub, "HB:9")
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    hub.withdraw(second)
    assert others(hub, "JN:1") == {"HB:9"}


def test_what_is_found_follows_also_where_nobody_touched_it(hub: Hub) -> None:
    hub.send("JN", text("1", INCENSE, "1733"))
    hub.send("HB", text("9", INCENSE, "1958"))

    def works() -> int:
        with hub.catalogue() as catalogue:
            return len({hit.work for hit in catalogue.search(INCENSE).hits})

    assert works() == 1
    hub.send("JN", text("2", INCENSE, "1801"))
    assert works() == 3


def test_a_record_that_names_an_author_is_not_drawn_in_by_a_title(hub: Hub) -> None:
    hub.send("JN", text("1", INCENSE, "1733"))
    hub.send("HB", book("9", title=INCENSE, agent="宗喀巴", year="1958"))
    assert others(hub, "JN:1") == set()


def test_what_a_person_says_of_works_holds_beside_what_titles_say(hub: Hub) -> None:
    hub.send("JN", text("1", INCENSE, "1733") + text("2", INCENSE, "1801") + text("3", PRAISE))
    hub.send("HB", text("9", INCENSE, "1958") + text("8", PRAISE, "1990"))
    hub.decide("JN:2", "HB:9", "work")
    assert others(hub, "JN:2") == {"HB:9"}
    assert others(hub, "JN:3") == {"HB:8"}
    hub.decide("JN:3", "JN:1", "work")
    assert others(hub, "JN:1") == {"JN:3", "HB:8"}
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
