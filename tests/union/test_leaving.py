"""A member leaves the union, and may come back."""

import shutil
from pathlib import Path

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import build, export, leaving, rebuilding
from lianguan.engine.union.backup import backup
from lianguan.engine.union.delivery import Told
from lianguan.engine.union.doctor import examine
from lianguan.engine.union.importing import Order, receive_files
from lianguan.engine.union.leaving import Leaver, leaver
from lianguan.engine.union.restore import restore
from lianguan.engine.union.sources import LEAVING
from tests.union.hub import Hub, book

ITEMS = "记录号,条码\n1,B1\n2,B2\n99,B3\n".encode()


@pytest.fixture
def two(hub: Hub) -> Hub:
    """Jinan and Haibei have a book in common, and each one of its own."""
    hub.send("HB", book("9") + book("8", title="世界"))
    hub.send("JN", book("1") + book("2", title="人生"), ITEMS, name="x")
    return hub


def addresses(hub: Hub) -> dict[str, str]:
    """Record key → its own address."""
    with hub.catalogue() as catalogue:
        rows = catalogue.connection.execute("SELECT library, number, address FROM descriptions")
        return {f"{row[0]}:{row[1]}": row[2] for row in rows}


def test_what_goes_is_said_before(two: Hub) -> None:
    assert leaver(two.root, "JN") == Leaver(records=2, entries=2, alone=1, items=3)


def test_nothing_of_a_library_that_left_is_in_the_catalogue(two: Hub) -> None:
    loaded = two.leave("JN")
    assert loaded.deleted == 2
    assert set(two.entries()) == {"HB:8", "HB:9"}
    with two.catalogue() as catalogue:
        assert list(catalogue.connection.execute("SELECT * FROM items")) == []
        assert catalogue.members() == [("HB", 2)]
        assert catalogue.search("人生").total == 0
        (hit,) = catalogue.search("平凡的世界").hits
        assert hit.libraries == ("HB",)
    before = two.everything()
    two.rebuild()
    assert two.everything() == before


def test_its_addresses_lead_to_what_is_left_or_say_that_it_is_gone(two: Hub) -> None:
    was = addresses(two)
    two.leave("JN")
    with two.catalogue() as catalogue:
        assert catalogue.canonical(was["JN:1"]) == catalogue.address_of("HB:9")
        gone = catalogue.canonical(was["JN:2"])
        assert gone == was["JN:2"]
        assert catalogue.entry(gone) is None


def test_its_files_stay_and_are_given_back(two: Hub, tmp_path: Path) -> None:
    two.leave("JN")
    with two.catalogue() as catalogue:
        assert export.copy_sources(catalogue.sources, "JN", tmp_path / "out") == 2
    there = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted(path.read_bytes() for path in there) == sorted(
        [book("1") + book("2", title="人生"), ITEMS]
    )
    assert len(list((tmp_path / "out").iterdir())) == 1, "no folder for the leaving itself"


def test_a_library_that_left_comes_back_by_sending_again(two: Hub) -> None:
    was = addresses(two)
    two.leave("JN")
    two.send("JN", book("1"))
    assert set(two.entries()) == {"HB:8", "HB:9", "JN:1"}
    assert len(two.together()) == 2
    assert addresses(two)["JN:1"] == was["JN:1"]
    with two.catalogue() as catalogue:
        assert list(catalogue.connection.execute("SELECT * FROM items")) == []
    before = two.everything()
    two.rebuild()
    assert two.everything() == before


def test_a_leaving_taken_back_brings_everything_back(two: Hub) -> None:
    before, items = two.entries(), [row for row in two.everything() if len(row) == 3]
    loaded = two.leave("JN")
    assert two.withdraw(loaded).new == 2
    assert two.entries() == before
    assert [row for row in two.everything() if len(row) == 3] == items
    was = two.everything()
    two.rebuild()
    assert two.everything() == was


def test_what_it_sent_before_does_not_come_back_when_some_of_that_is_taken_back(two: Hub) -> None:
    more = two.send("JN", book("3", title="早晨"))
    two.leave("JN")
    two.withdraw(more)
    assert set(two.entries()) == {"HB:8", "HB:9"}
    with two.catalogue() as catalogue:
        assert list(catalogue.connection.execute("SELECT * FROM items")) == []


def test_nobody_leaves_who_is_not_there(two: Hub) -> None:
    with pytest.raises(Refused, match="library_unknown"):
        two.leave("XX")
    loaded = two.leave("JN")
    for ask in (two.leave, lambda library: leaver(two.root, library)):
        with pytest.raises(Refused, match="library_left"):
            ask("JN")
    assert len(two.sources().imports("JN")) == 2
    two.withdraw(loaded)
    assert two.leave("JN").deleted == 2


def test_a_leaving_that_was_cut_short_is_done_by_the_next(
    two: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(build, "write_entries", power_cut)
        with pytest.raises(KeyboardInterrupt):
            two.leave("JN")
    assert "JN:1" in two.entries()
    two.send("HB", book("7", title="早晨"))
    assert set(two.entries()) == {"HB:7", "HB:8", "HB:9"}


def test_what_it_sends_at_the_last_moment_goes_with_the_rest(
    two: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came in while the catalogue was brought up to date, and stands before the leaving."""

    def ready(root: Path, told: Told) -> build.Builder:
        builder = rebuilding.ready_builder(root, told)
        (two.inbox / "last.mrc").write_bytes(book("3", title="早晨"))
        receive_files(root, [two.inbox / "last.mrc"], Order("JN"))
        return builder

    monkeypatch.setattr(leaving, "ready_builder", ready)
    assert two.leave("JN").deleted == 3
    two.send("HB", book("7", title="故乡"))
    before = two.everything()
    two.rebuild()
    assert two.everything() == before


def test_a_library_that_left_is_not_asked_for_news(two: Hub) -> None:
    def oldest() -> list[str]:
        found = {check.code: check.detail for check in examine(two.root)}
        assert found["doctor_last_import"].startswith("JN")
        assert all(check.is_well for check in examine(two.root))
        return [found[code][:2] for code in ("doctor_oldest",) if code in found]

    assert oldest() == ["HB"]
    gone = two.leave("HB")
    assert oldest() == ["JN"]
    two.leave("JN")
    assert oldest() == []
    two.withdraw(gone)
    assert oldest() == ["HB"]


def test_a_leaving_is_in_a_backup(two: Hub, tmp_path: Path) -> None:
    two.leave("JN")
    made = backup(two.root, tmp_path / "backups")
    (tmp_path / "new").mkdir()
    elsewhere = Hub(tmp_path / "new")
    restore(made, elsewhere.root)
    assert elsewhere.everything() == two.everything()
    assert elsewhere.sources().imports("JN")[-1].kind == LEAVING


def test_when_its_files_are_removed_too_the_library_was_never_there(two: Hub) -> None:
    was = addresses(two)
    two.leave("JN")
    shutil.rmtree(two.root / "sources" / "JN")
    two.rebuild()
    assert all(check.is_well for check in examine(two.root))
    assert set(two.entries()) == {"HB:8", "HB:9"}
    with two.catalogue() as catalogue:
        assert catalogue.canonical(was["JN:2"]) is None
    assert two.send("GC", book("1", title="早晨")).new == 1
    before = two.everything()
    two.rebuild()
    assert two.everything() == before
