"""The journal of the catalogue's database: quick where that is safe, plain where it is not."""

import pytest

from lianguan.engine.union import database
from tests.union.hub import Hub, book


def journal(hub: Hub) -> str:
    with hub.catalogue() as catalogue:
        return str(catalogue.connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_a_sound_sqlite_writes_ahead(hub: Hub) -> None:
    hub.send("JN", book("1"))
    assert journal(hub) == "wal"


def test_a_sqlite_with_the_fault_keeps_a_plain_journal(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a catalogue that a sound one made before: somebody has gone back to an old system."""
    hub.send("JN", book("1"))
    monkeypatch.setattr(database, "WAL_IS_SAFE", (99,))
    hub.send("HB", book("2", title="人生"))
    assert journal(hub) == "delete"
    hub.rebuild()
    assert journal(hub) == "delete"
    with hub.catalogue() as catalogue:
        assert catalogue.search("人生").total == 1
