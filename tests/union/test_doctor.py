"""The doctor finds what is wrong, and says since when."""

import datetime
from pathlib import Path

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import doctor, room
from lianguan.engine.union.backup import backup
from lianguan.engine.union.doctor import Check, examine, health
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.taking_back import upgrade
from tests.union.hub import Hub, book


def found(hub: Hub, code: str) -> Check:
    return next(check for check in examine(hub.root) if check.code == code)


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Let time pass."""
    whole = doctor._since
    monkeypatch.setattr(doctor, "_since", lambda at: whole(at) + datetime.timedelta(days=days))


def test_all_is_well_on_the_first_day(hub: Hub) -> None:
    hub.send("JN", book("1"))
    assert [check.code for check in examine(hub.root) if not check.is_well] == []


def test_what_is_two_days_old_and_without_a_backup_is_told(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    assert found(hub, "doctor_backup").detail == "– · 1"
    days_later(monkeypatch, 2)
    assert not found(hub, "doctor_backup").is_well
    backup(hub.root, tmp_path / "backups")
    assert found(hub, "doctor_backup").detail.endswith("(2 d) · 0")
    assert found(hub, "doctor_backup").is_well
    hub.send("JN", book("2"))
    assert not found(hub, "doctor_backup").is_well


def test_the_library_that_has_sent_nothing_for_longest_is_named(hub: Hub) -> None:
    for library in ("JN", "HB", "JN", "GC"):
        hub.send(library, book("1"))
    assert found(hub, "doctor_oldest").detail.startswith("HB · ")
    assert found(hub, "doctor_last_import").detail.startswith("GC · ")


def test_a_disk_with_too_little_room_for_a_rebuild_is_told(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    monkeypatch.setattr(doctor, "free_at", lambda _: room.FREE_FOR_BUILD)
    assert not found(hub, "doctor_disk").is_well


def test_a_damaged_database_is_told_and_not_a_fault(hub: Hub) -> None:
    hub.send("JN", book("1"))
    with hub.catalogue() as catalogue:
        assert catalogue.folder
        path = catalogue.folder / "catalogue.sqlite"
    for extra in (path, path.with_name("catalogue.sqlite-wal")):
        if extra.exists():
            extra.write_bytes(b"\0" * 8192 + extra.read_bytes()[8192:])
    assert not found(hub, "doctor_catalogue").is_well
    assert not health(hub.root).agrees


def test_looking_makes_no_folder(hub: Hub) -> None:
    assert all(check.is_well for check in examine(hub.root))
    assert not hub.root.exists()


def test_the_log_is_not_read_for_the_health_page(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is as quick after ten years of deliveries."""
    late = [hub.send("JN", book(str(number))) for number in range(3)][1]
    hub.withdraw(late)
    monkeypatch.setattr(Sources, "imports", None)
    said = health(hub.root)
    assert said.agrees
    assert (
        said.latest
        == said.oldest
        == late.import_id[7:11] + "-" + late.import_id[11:13] + "-" + late.import_id[13:15]
    )


def test_an_index_that_cannot_be_read_is_told_and_not_a_fault(hub: Hub) -> None:
    """`upgrade` makes it again, and so does the next delivery."""
    hub.send("JN", book("1"))
    (hub.folder() / "index" / "meta.json").write_text("garbage")
    assert not health(hub.root).agrees
    assert ("doctor_catalogue", "index_missing") in {
        (check.code, check.detail) for check in examine(hub.root) if not check.is_well
    }
    with pytest.raises(Refused, match="index_missing"):
        hub.catalogue()
    assert upgrade(hub.root)
    assert health(hub.root).agrees
    assert not upgrade(hub.root)
    (hub.folder() / "index" / "meta.json").write_text("garbage")
    hub.send("HB", book("9"))
    assert health(hub.root).agrees
