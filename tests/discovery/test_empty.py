"""A hub that has no records yet: it says so, says why, and offers whoever looks the one thing that
they can do about it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from lianguan.engine.union.database import building
from lianguan.engine.union.rebuilding import ready_builder
from tests.network.conftest import Seated, at_work, network
from tests.union.hub import Hub, book

__all__ = ["at_work", "network"]

EMPTY = {"zh": "目录还是空的", "en": "The catalogue is still empty"}


@pytest.fixture
def hub(network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """Founded, with people, and with the catalogue without records that the worker makes at once."""
    made = Hub(tmp_path)
    with building(made.root, "worker"):
        ready_builder(made.root, lambda *_: None)
    monkeypatch.setattr(settings, "DATA", made.root)
    return made


def page_of(client: Client, address: str) -> tuple[str, list[tuple[str, str]]]:
    """What it says, and its buttons: where they lead and what is on them."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store", "it is not the same for everybody"
    page = re.search("(?s)<main.*</main>", answer.content.decode())
    assert page
    buttons = re.findall(r'class="button button--go" href="([^"]*)">([^<]*)', page[0])
    return re.sub("<[^>]+>", " ", page[0]), buttons


@pytest.mark.parametrize("address", ["/", "/search", "/search?q=红楼梦&library=JN"])
def test_whoever_is_not_signed_in_reads_that_it_is_empty_and_where_staff_go(
    hub: Hub, address: str
) -> None:
    said, buttons = page_of(Client(), address)
    assert EMPTY["zh"] in said
    assert "这些条件下没有书" not in said
    assert "最近一次送来书目：" not in said
    assert buttons == [("/sign-in", "馆员登录")]


def test_a_cataloguer_is_offered_to_send_the_first_file(hub: Hub, at_work: Seated) -> None:
    client = at_work("cataloguer")
    assert page_of(client, "/")[1] == [("/staff/imports/new", "送进第一个文件")]
    client.cookies["language"] = "en"
    said, buttons = page_of(client, "/search")
    assert EMPTY["en"] in said
    assert buttons == [("/staff/imports/new", "Send the first file")]


def test_who_can_do_nothing_about_it_gets_no_button(hub: Hub, at_work: Seated) -> None:
    said, buttons = page_of(at_work("desk"), "/")
    assert EMPTY["zh"] in said
    assert buttons == []


def test_while_the_first_file_is_loading_nobody_is_asked_for_one(hub: Hub, at_work: Seated) -> None:
    hub.withdraw(hub.send("HB", book("1")))
    said, buttons = page_of(at_work("cataloguer"), "/")
    assert "可能正在载入" in said
    assert buttons == []


def test_it_is_over_with_the_first_record(hub: Hub) -> None:
    client = Client()
    page_of(client, "/")
    hub.send("HB", book("1", title="青海湖"))
    answer = client.get("/")
    assert "青海湖" in answer.content.decode()
    assert answer.headers["ETag"]
