"""Whoever looks after the machine sees at a glance whether all is well."""

import pytest
from django.test import Client

from lianguan.discovery import queries
from lianguan.engine.union import doctor
from lianguan.engine.union.doctor import Check
from tests.discovery.test_pages import filled, text
from tests.union.hub import Hub


def test_the_page_says_that_all_is_well(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/health")
    assert "一切正常" in page
    assert "检索索引与目录一致" in page
    assert "3 / 3" in page
    assert "JN · 20" in page
    assert "✗" not in page
    assert "All is well" in text(reader, "/health?lang=en")
    assert reader.get("/health").headers["X-Robots-Tag"] == "noindex"


def test_the_page_says_first_what_is_not_well(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    monkeypatch.setattr(doctor, "rules", lambda: "newer")
    page = text(reader, "/health?lang=en")
    assert "To be looked at: 1." in page
    assert page.index("made by the present rules") < page.index("free disk")
    assert "catalogue_old" not in page


def test_a_union_with_nothing_in_it_is_well_and_one_of_an_older_form_is_not(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "一切正常" in text(reader, "/health")
    assert not hub.root.exists()
    queries._health.clear()
    filled(hub)
    with hub.catalogue() as catalogue:
        assert catalogue.folder
    monkeypatch.setattr("lianguan.engine.union.catalogue.form", lambda: "newer")
    assert "catalogue_old" in text(reader, "/health")


def test_a_crowd_of_readers_does_not_make_it_look_more_than_once_a_minute(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    looked = []

    def look(root: object) -> list[Check]:
        looked.append(root)
        return []

    now = [1000.0]
    monkeypatch.setattr(queries, "glance", look)
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
