"""What a reader gets who asks in the very moment in which something is published."""

from collections.abc import Callable

import pytest
from django.test import Client

from lianguan.discovery import queries
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union.catalogue import UnionCatalogue
from tests.discovery.test_pages import text
from tests.union.hub import Hub, book

Event = Callable[[], object]


def just_after(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, happens: Event
) -> list[Event]:
    """Let something happen once, right after a step of a page; empty when it has."""
    plain, still = getattr(owner, name), [happens]

    def step(*args: object, **said: object) -> object:
        answer = plain(*args, **said)
        if still:
            still.pop()()
        return answer

    monkeypatch.setattr(owner, name, step)
    return still


def just_before(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, happens: Event
) -> list[Event]:
    """Let something happen once, right before a step of a page; empty when it has."""
    plain, still = getattr(owner, name), [happens]

    def step(*args: object, **said: object) -> object:
        if still:
            still.pop()()
        return plain(*args, **said)

    monkeypatch.setattr(owner, name, step)
    return still


def address_of(hub: Hub, key: str) -> str:
    with hub.catalogue() as catalogue:
        return catalogue.address_of(key)


@pytest.mark.parametrize("page", ["/", "/search?q=平凡", "/r/JN/1"])
def test_a_rebuild_that_ends_while_the_index_is_opened_is_not_noticed(
    page: str, reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    text(reader, "/")
    still = just_before(monkeypatch, SearchIndex, "reload", happens=hub.rebuild)
    assert reader.get(page).status_code in (200, 302)
    assert not still


def test_a_record_that_is_withdrawn_meanwhile_is_there_to_the_end_of_the_page(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1", isbn="9787020049295"))
    late = hub.send("HB", book("A/7", isbn="9787020049295"))
    address = address_of(hub, "HB:A/7")
    still = just_after(monkeypatch, UnionCatalogue, "entry", happens=lambda: hub.withdraw(late))
    assert "HB 送来的记录 A/7" in text(reader, f"/e/{address}")
    assert not still
    assert "HB 送来的记录" not in reader.get(f"/e/{address}", follow=True).content.decode()


def test_an_entry_whose_address_moves_meanwhile_is_shown_and_not_called_gone(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1", isbn="9787020049295"))
    address = address_of(hub, "JN:1")
    others = b"".join(book(str(n), isbn="9787020049295") for n in range(2, 12))
    still = just_after(
        monkeypatch, UnionCatalogue, "canonical", happens=lambda: hub.send("HB", others)
    )
    assert "JN 送来的记录 1" in text(reader, f"/e/{address}")
    assert not still
    moved = address_of(hub, "JN:1")
    assert moved < address
    assert reader.get(f"/e/{address}").headers["Location"] == f"/e/{moved}"


def test_a_page_looks_once_and_does_not_mind_what_comes_after(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    index = hub.folder() / "index"
    still = just_after(
        monkeypatch, UnionCatalogue, "size", happens=lambda: index.rename(index.with_name("away"))
    )
    assert "由各馆 1 条记录" in text(reader, "/")
    assert not still
    assert "检索索引不在了" in text(reader, "/", 503)


@pytest.mark.parametrize("page", ["/", "/search?q=平凡", "/r/JN/1", "/e/aaaaaaaaaaaaa"])
def test_a_page_that_is_done_lets_go_of_what_it_looked_at(
    page: str, reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    reader.get(page)
    assert not queries._open.catalogue.connection.in_transaction
    monkeypatch.setattr(UnionCatalogue, "canonical", None)
    reader.raise_request_exception = False
    assert reader.get("/e/aaaaaaaaaaaaa").status_code == 500
    assert not queries._open.catalogue.connection.in_transaction
