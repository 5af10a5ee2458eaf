"""Anybody sees whether the pages can be relied on, and nothing that is not theirs to know."""

import datetime
from contextlib import closing

import pytest
from django.test import Client

from lianguan.discovery import queries
from lianguan.engine.union import doctor, room
from lianguan.engine.union.database import connect
from lianguan.engine.union.doctor import Health
from lianguan.engine.union.granting import TermsOrder, change_terms
from tests.discovery.test_pages import filled, text
from tests.union.hub import Hub, book

AGREE, NOT_AGREE = "✓ 一致", "✗ 暂不一致"


def looked_at_anew(reader: Client, address: str = "/health") -> str:
    """The page as it is after a minute."""
    queries._health.clear()
    return text(reader, address)


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Let it be another day when something is received."""

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Clock":
            return cls.fromisoformat(f"{day}T08:00:00+00:00")

    monkeypatch.setattr("lianguan.engine.union.sources.datetime.datetime", Clock)


def test_the_page_says_that_all_is_well(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/health")
    assert "服务正常" in page
    assert AGREE in page
    assert f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}（今天）" in page
    assert "✗" not in page
    assert "All is well" in text(reader, "/health?lang=en")
    assert reader.get("/health").headers["X-Robots-Tag"] == "noindex"


def test_it_says_when_members_sent_something(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library, day in (("JN", "2026-01-05"), ("HB", "2026-02-03"), ("JN", "2026-03-01")):
        with monkeypatch.context() as then:
            on(then, day)
            hub.send(library, book("1"))
    page = text(reader, "/health")
    assert page.index("2026-03-01") < page.index("2026-02-03")
    assert "2026-01-05" not in page
    assert "天前" in page


def test_of_members_that_are_not_shown_it_says_nothing(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library, day in (("SECRET", "2026-01-05"), ("HB", "2026-02-03"), ("LATE", "2026-03-01")):
        with monkeypatch.context() as then:
            on(then, day)
            hub.send(library, book("1"))
    for library in ("SECRET", "LATE"):
        change_terms(hub.root, library, TermsOrder(shown=False))
    page = text(reader, "/health")
    assert page.count("2026-02-03") == 2
    for hidden in ("SECRET", "LATE", "2026-01-05", "2026-03-01"):
        assert hidden not in page


def test_what_was_taken_back_is_not_the_last_that_came(reader: Client, hub: Hub) -> None:
    hub.withdraw(hub.send("JN", book("1")))
    assert doctor.health(hub.root).latest == ""
    assert "天" not in text(reader, "/health").partition("<dl")[2].partition("</dl>")[0]


def test_the_machine_and_what_failed_on_it_are_not_for_anybody(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    failed = hub.sources().imports("JN")[0]
    hub.sources().put_aside(failed, "fault")
    monkeypatch.setattr(doctor, "free_at", lambda _: room.FREE_FOR_BUILD)
    page = text(reader, "/health?lang=en")
    assert "something is to be looked at" in page
    assert "✗ too little" in page
    for told in (failed.id, "iB", "JN", "sqlite", "SQLite", "Python"):
        assert told not in page
    assert failed.id in str(doctor.examine(hub.root))


def test_an_index_that_lags_behind_is_told(reader: Client, hub: Hub) -> None:
    filled(hub)
    entry = next(iter(hub.entries().values()))
    with closing(connect(hub.folder() / "catalogue.sqlite", writing=True)) as connection:
        connection.execute("INSERT INTO to_index VALUES (?)", (entry,))
    assert NOT_AGREE in text(reader, "/health")


def test_a_union_with_nothing_in_it_is_well_and_one_of_an_older_form_is_not(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "服务正常" in text(reader, "/health")
    assert not hub.root.exists()
    filled(hub)
    monkeypatch.setattr("lianguan.engine.union.catalogue.form", lambda: "newer")
    assert NOT_AGREE in looked_at_anew(reader)


def test_a_crowd_of_readers_does_not_make_it_look_more_than_once_a_minute(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    looked = []

    def look(root: object) -> Health:
        looked.append(root)
        return Health(True, True, "", "", "1")

    now = [1000.0]
    monkeypatch.setattr(doctor, "health", look)
    monkeypatch.setattr("lianguan.discovery.queries.time.monotonic", lambda: now[0])
    for _ in range(5):
        text(reader, "/health")
    assert len(looked) == 1
    now[0] += 61
    text(reader, "/health")
    assert len(looked) == 2


def test_the_sources_are_not_read_through_for_a_page(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    monkeypatch.setattr("lianguan.engine.union.seekable.sha256", None)
    text(reader, "/health")
