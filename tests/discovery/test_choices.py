"""What a reader chose for the pages, and what browsers may keep of them."""

from dataclasses import replace

import pytest
from django.test import Client

from tests.discovery.test_pages import filled, text
from tests.union.hub import Hub, book


def test_what_a_reader_chose_is_on_every_later_page_and_can_be_taken_back(
    reader: Client, hub: Hub
) -> None:
    filled(hub)
    assert '<html lang="zh-Hans">' in text(reader, "/")
    assert 'data-theme="dark"' in text(reader, "/?theme=dark")
    assert 'data-theme="dark" data-print="large">' in text(reader, "/search?q=人生&print=large")
    page = text(reader, "/tips")
    assert '<html lang="zh-Hans" data-theme="dark" data-print="large">' in page
    assert '<a href="/tips?theme=system"' in page
    text(reader, "/?theme=system")
    text(reader, "/?print=normal")
    assert '<html lang="zh-Hans">' in text(reader, "/")


def test_a_choice_that_there_is_not_changes_nothing(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/?theme=pink&print=huge&lang=fr")
    assert '<html lang="zh-Hans">' in page
    assert not reader.cookies


def test_links_of_the_display_keep_the_search(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/search?q=平凡&library=JN&theme=dark")
    assert "/search?q=%E5%B9%B3%E5%87%A1&amp;library=JN&amp;print=large" in page


def test_whoever_has_a_page_as_it_is_now_is_told_so_and_no_page_is_made(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    first = reader.get("/search?q=平凡")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in first.headers["Vary"]
    with monkeypatch.context() as made:
        made.setattr("lianguan.discovery.views.render", None)
        again = reader.get("/search?q=平凡", headers={"if-none-match": tag})
    assert again.status_code == 304
    assert again.content == b""
    reader.cookies["theme"] = "dark"
    assert reader.get("/search?q=平凡", headers={"if-none-match": tag}).status_code == 200
    del reader.cookies["theme"]
    hub.send("JN", book("77", title="人生"))
    assert reader.get("/search?q=平凡", headers={"if-none-match": tag}).status_code == 200


def test_a_member_that_changes_its_name_changes_pages(reader: Client, hub: Hub) -> None:
    filled(hub)
    tag = reader.get("/").headers["ETag"]
    profile = hub.sources().profile("JN")
    hub.sources().keep_profile("JN", replace(profile, name="济南市图书馆"))
    answer = reader.get("/", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert "济南市图书馆" in answer.content.decode()


def test_an_error_has_no_tag_and_is_asked_for_again(reader: Client, hub: Hub) -> None:
    filled(hub)
    assert "ETag" not in reader.get("/e/aaaaaaaaaaaaa").headers
