"""A page that a browser has kept is shown again only while it is still so."""

from dataclasses import replace

import pytest
from django.test import Client

from lianguan.engine.union.terms import Terms
from tests.union.hub import Hub, book

PAGES = ("/", "/search?q=平凡", "/search?q=", "/m/JN")


def entry_of(hub: Hub, key: str = "JN:1") -> str:
    with hub.catalogue() as opened:
        return f"/e/{opened.address_of(key)}"


def tag_of(reader: Client, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200
    if "ETag" not in answer.headers:
        pytest.skip("pages say no ETag yet")
    return str(answer.headers["ETag"])


def is_kept(reader: Client, path: str, tag: str) -> bool:
    answer = reader.get(path, headers={"if-none-match": tag})
    assert answer.status_code in (200, 302, 304), "302: the entry has another address now"
    if answer.status_code == 304:
        assert answer.content == b""
        assert answer.headers["ETag"] == tag
    return answer.status_code == 304


@pytest.fixture
def pages(reader: Client, hub: Hub) -> list[str]:
    hub.send("JN", book("1") + book("2", title="人生"))
    found = [*PAGES, entry_of(hub)]
    return [path for path in found if reader.get(path).status_code == 200]


def test_what_has_not_changed_is_not_made_again(reader: Client, pages: list[str]) -> None:
    for path in pages:
        tag = tag_of(reader, path)
        assert is_kept(reader, path, tag)
        assert is_kept(Client(), path, tag), "another reader with the same wishes"
        cached = reader.get(path).headers["Cache-Control"]
        assert "no-cache" in cached or "no-store" in cached, "asked each time whether it is so"


def test_what_others_were_told_to_keep_is_not_shown_when_records_came_or_went(
    reader: Client, hub: Hub, pages: list[str]
) -> None:
    for change in (
        lambda: hub.send("JN", book("3", title="人生")),
        lambda: hub.withdraw(hub.send("JN", book("10", title="另一本"))),
        lambda: hub.decide("JN:2", "JN:3", "different"),
        hub.rebuild,
    ):
        there = [path for path in (*pages, entry_of(hub)) if reader.get(path).status_code == 200]
        tags = {path: tag_of(reader, path) for path in there}
        change()
        assert not any(is_kept(reader, path, tag) for path, tag in tags.items())


def test_a_library_that_is_called_otherwise_or_closes_its_records_is_so_at_once(
    reader: Client, hub: Hub, pages: list[str]
) -> None:
    sources = hub.sources()
    named = replace(sources.profile("JN"), name="济南市图书馆")
    for profile in (named, replace(named, terms=Terms(shown=False))):
        tags = {path: tag_of(reader, path) for path in pages}
        sources.keep_profile("JN", profile)
        for path, tag in tags.items():
            answer = reader.get(path, headers={"if-none-match": tag})
            assert answer.status_code != 304, path


@pytest.mark.parametrize(
    "cookies", [{"language": "en"}, {"theme": "dark"}, {"print": "large"}], ids=str
)
def test_a_reader_with_other_wishes_is_not_shown_the_page_of_another(
    reader: Client, pages: list[str], cookies: dict[str, str]
) -> None:
    other = Client()
    other.cookies.load(cookies)
    for path in pages:
        tag = tag_of(reader, path)
        if other.get(path).content == reader.get(path).content:
            pytest.skip("pages have no themes yet")
        assert not is_kept(other, path, tag)
        assert "Cookie" in reader.get(path).headers["Vary"]


def test_choosing_a_language_on_a_kept_page_shows_it_and_remembers_it(
    reader: Client, pages: list[str]
) -> None:
    for path in pages:
        tag = tag_of(reader, path)
        chosen = f"{path}{'&' if '?' in path else '?'}lang=en"
        answer = reader.get(chosen, headers={"if-none-match": tag})
        assert answer.status_code == 200
        assert answer.cookies["language"].value == "en"
        reader.cookies.clear()


def test_what_is_not_there_is_not_to_be_kept(reader: Client, hub: Hub) -> None:
    loaded = hub.send("JN", book("1"))
    gone = entry_of(hub)
    hub.withdraw(loaded)
    for path in ("/nowhere", "/e/aaaaaaaaaaaaa", gone):
        assert "ETag" not in reader.get(path).headers
