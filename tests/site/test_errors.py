"""What a person is told when the server could not do what it was asked for: nothing is promised
that is not known."""

import sqlite3
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connection
from django.test import Client

django.setup()

from lianguan.network import queries  # noqa: E402
from tests.network import world  # noqa: E402
from tests.network.conftest import Seated, at_work, network  # noqa: E402

__all__ = ["at_work", "network"]

FULL = "服务器的磁盘写不进去了"


def as_served(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def fill_up() -> None:
    """The database can grow no more, as on a disk that is full."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")


def add_rooms(client: Client) -> Any:
    said = "\n".join(f"{number}号村牧家书屋" for number in range(400))
    form = {"list": said, "under": str(world.place("MY"))}
    return client.post("/staff/places/add", form)


def test_a_list_that_a_full_disk_did_not_take_is_said_not_to_be_kept(
    network: Path, at_work: Seated
) -> None:
    client = as_served(at_work("administrator"))
    before = len(queries.places())
    fill_up()
    answer = add_rooms(client)
    said = answer.content.decode()
    assert answer.status_code == 503
    assert FULL in said
    assert "没有完成" in said
    assert "没有丢失任何东西" not in said
    assert len(queries.places()) == before, "and it says the truth"


@pytest.mark.parametrize("said", ["disk I/O error", "database or disk is full"])
def test_a_page_that_a_full_disk_cannot_make_says_so(
    network: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def looked(*_: object) -> None:
        raise sqlite3.OperationalError(said)

    monkeypatch.setattr("lianguan.discovery.queries.catalogue", looked)
    client = as_served(Client())
    answer = client.get("/")
    assert answer.status_code == 503
    assert FULL in answer.content.decode()
    client.cookies["language"] = "en"
    assert "disk takes nothing more" in client.get("/search").content.decode()


def test_a_fault_promises_nothing_of_what_was_sent(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_served(at_work("administrator"))
    monkeypatch.setattr("lianguan.network.actions.add_places", None)
    answer = add_rooms(client)
    said = answer.content.decode()
    assert answer.status_code == 500
    assert "请放心" not in said
    assert "先看一看刚才提交的内容在不在" in said
    assert "编号：" in said


def test_a_fault_of_a_page_that_was_looked_at_has_changed_nothing(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianguan.discovery.queries.catalogue", None)
    answer = as_served(Client()).get("/")
    assert answer.status_code == 500
    assert "没有改动任何东西" in answer.content.decode()


def test_a_page_about_a_fault_asks_no_database(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> bool:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("lianguan.site.first.is_founded", closed)
    answer = as_served(Client()).get("/")
    assert answer.status_code == 500
    assert "这一页没能打开" in answer.content.decode()
