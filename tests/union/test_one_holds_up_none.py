"""One delivery, one withdrawal, one damaged file: it may fail, and everything else goes on."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import build, generations, restore, room, sources
from lianguan.engine.union.backup import backup
from lianguan.engine.union.doctor import examine
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.importing import Order, import_files, receive_files
from lianguan.engine.union.loading import Again, Load
from lianguan.engine.union.manifest import find
from lianguan.engine.union.sources import Import
from lianguan.engine.union.taking_back import upgrade
from tests.making import cnmarc
from tests.union.drill import lose, power_cut
from tests.union.hub import Hub, book


def waiting(hub: Hub, library: str, data: bytes, **order: object) -> Import:
    """Keep a delivery, to be loaded by whoever builds next."""
    path = hub.inbox / "waiting.mrc"
    path.write_bytes(data)
    return receive_files(hub.root, [path], Order(library, **order))  # type: ignore[arg-type]


def stored(hub: Hub, one: Import) -> Path:
    return hub.sources().path(one, one.files[0])


def damage(path: Path) -> None:
    said = bytearray(path.read_bytes())
    said[len(said) // 3] ^= 1
    path.unlink()
    path.write_bytes(said)


def check(hub: Hub, code: str) -> tuple[bool, str]:
    return next((one.is_well, one.detail) for one in examine(hub.root) if one.code == code)


def test_a_number_is_never_given_twice(hub: Hub) -> None:
    """Who watches the numbers (the worker) sees everything that comes."""
    hub.send("JN", b"".join(book(str(n), title=f"第{n}种书") for n in range(20)))
    with pytest.raises(Refused, match="deletes_too_much"):
        hub.send("JN", book("1"), is_full=True)
    seen = hub.sources().last_event
    assert waiting(hub, "JN", book("99")).number == seen + 1
    assert hub.sources().last_event == seen + 1
    (hub.root / "sources" / ".numbers").unlink()
    assert hub.sources().decide("JN:1", "JN:2", "different").at.startswith(f"{seen + 2:06}-")


def test_a_number_that_was_given_before_a_kill_is_not_given_again(hub: Hub) -> None:
    hub.send("JN", book("1"))
    with pytest.raises(KeyboardInterrupt), hub.sources().next_event():
        power_cut()
    assert hub.send("JN", book("2")).import_id.startswith("000003-")


def test_a_name_that_the_log_depends_on_is_on_the_disk_before_it_is_acknowledged(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rename is not, until the folder is."""
    synced: list[str] = []
    whole = os.fsync

    def fsync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").resolve().name)
        whole(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    one = waiting(hub, "JN", book("1"))
    assert {"sources", "JN"} <= set(synced)
    synced.clear()
    hub.sources().withdraw(one)
    assert one.id in synced
    synced.clear()
    hub.sources().decide("JN:1", "HB:1", "same")
    assert synced[-1] == hub.root.name


def test_a_refused_delivery_is_out_of_the_log_from_one_moment_to_the_next(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", b"".join(book(str(n), title=f"第{n}种书") for n in range(20)))
    with monkeypatch.context() as cut:
        cut.setattr(shutil, "rmtree", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", book("1"), is_full=True)
    assert len(hub.sources().imports("JN")) == 1
    hub.send("HB", book("9"))
    assert not list(hub.sources().root.glob("*/.gone-*"))
    assert len(hub.entries()) == 21


@pytest.mark.parametrize("how", [damage, Path.unlink])
def test_a_waiting_delivery_whose_bytes_are_damaged_is_put_aside(hub: Hub, how: object) -> None:
    how(stored(hub, waiting(hub, "JN", book("1"))))  # type: ignore[operator]
    hub.send("HB", book("9"))
    assert set(hub.entries()) == {"HB:9"}
    assert check(hub, "doctor_failed")[0] is False
    assert backup(hub.root, hub.root.parent / "backups").imports == 1


def test_a_full_disk_is_not_the_fault_of_what_waits(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(hub, "JN", book("1"))
    with monkeypatch.context() as full:
        full.setattr(room, "FREE_FOR_BUILD", 1 << 60)
        with pytest.raises(Refused, match="disk_full"):
            hub.rebuild()
        with pytest.raises(Refused, match="disk_full"):
            hub.send("HB", book("9"))
    assert not hub.sources().failed()
    hub.send("HB", book("9"))
    assert set(hub.entries()) == {"JN:1", "HB:9"}


def test_a_fault_of_one_delivery_is_not_blamed_on_another(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is done first, and its fault is its own."""
    hub.send("HB", book("9"))
    waits: list[Import] = []
    whole = build.Builder.catch_up

    def catch_up(builder: build.Builder, _: object, before: int | None = None) -> object:
        if before and not waits:
            waits.append(waiting(hub, "JN", book("1")))
            raise ZeroDivisionError
        return whole(builder, before=before)

    with monkeypatch.context() as broken:
        broken.setattr(build.Builder, "catch_up", catch_up)
        with pytest.raises(ZeroDivisionError):
            hub.send("GC", book("5"))
    assert not hub.sources().failed()
    hub.send("HB", book("8"))
    assert set(hub.entries()) == {"HB:9", "HB:8", "GC:5", "JN:1"}


def test_a_withdrawal_that_would_read_damaged_bytes_is_refused_before_anything_is_marked(
    hub: Hub,
) -> None:
    first, second = hub.send("JN", book("1")), hub.send("JN", book("2", title="人生"))
    damage(stored(hub, hub.sources().imports("JN")[0]))
    with pytest.raises(Refused, match="sources_damaged"):
        hub.withdraw(second)
    hub.send("HB", book("9"))
    assert set(hub.entries()) == {"JN:1", "JN:2", "HB:9"}
    hub.withdraw(first)
    assert set(hub.entries()) == {"JN:2", "HB:9"}
    hub.withdraw(second)
    assert set(hub.entries()) == {"HB:9"}


def test_a_withdrawal_that_cannot_be_carried_out_waits_and_holds_up_nothing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hub.send("JN", book("1"))

    def fault(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(Again, "run", fault)
        with pytest.raises(ZeroDivisionError):
            hub.withdraw(one)
        hub.send("HB", book("9"))
        assert set(hub.entries()) == {"JN:1", "HB:9"}
        assert check(hub, "doctor_log") == (False, "1")
    hub.send("HB", book("8"))
    assert set(hub.entries()) == {"HB:9", "HB:8"}
    assert check(hub, "doctor_log")[0]


def refusing(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """The rules change: what this library sent is refused now."""
    whole = Load.run

    def run(load: Load) -> object:
        if load.one.library == library:
            raise Refused("columns_unknown_heading", "书名")
        return whole(load)

    monkeypatch.setattr(Load, "run", run)


def test_an_old_delivery_that_new_rules_refuse_keeps_out_no_other(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    before = hub.everything()
    with monkeypatch.context() as changed:
        refusing(changed, "HB")
        hub.rebuild()
        assert set(hub.entries()) == {"JN:1"}
        is_well, said = check(hub, "doctor_left_out")
        assert (is_well, said) == (False, "HB 000002: columns_unknown_heading 书名")
    hub.rebuild()
    assert hub.everything() == before
    assert check(hub, "doctor_left_out") == (True, "0")


def test_a_rebuild_from_damaged_bytes_is_refused_until_the_delivery_is_taken_back(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    damage(stored(hub, hub.sources().imports("JN")[0]))
    with pytest.raises(Refused, match="sources_damaged") as refused:
        hub.rebuild()
    assert refused.value.detail == f"JN {one.import_id}"
    assert set(hub.entries()) == {"JN:1", "HB:9"}
    monkeypatch.setattr(generations, "rules", lambda: "others")
    with pytest.raises(Refused, match="sources_damaged"):
        upgrade(hub.root)
    hub.withdraw(one)
    assert set(hub.entries()) == {"HB:9"}
    hub.send("GC", book("5"))
    hub.rebuild()
    assert set(hub.entries()) == {"HB:9", "GC:5"}


LOCAL = "035   $aX1"


def local(number: str) -> bytes:
    return cnmarc(f"001 {number}\n{LOCAL}\n200 1 $a平凡的世界$f路遥著")


def killed(hub: Hub, point: str, data: bytes, key: str) -> None:
    path = hub.inbox / "killed.mrc"
    path.write_bytes(data)
    said = json.dumps({"path": str(path), "order": {"library": "JN", "key": key}})
    how = ("kill", point, "1", str(hub.root), "import", said)
    command = (sys.executable, "-m", "tests.union.faults", *how)
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize(
    "point", ["after the source's rename", "at the commit", "after the commit",
              "before the index is written", "after the index's mark"]
)  # fmt: skip
def test_what_was_said_of_a_member_holds_after_a_kill(hub: Hub, point: str) -> None:
    """Its next delivery is read by the same key; else every record of it would come twice."""
    hub.send("HB", book("9"))
    killed(hub, point, local("1"), "035$a")
    hub.send("JN", local("2"))
    assert set(hub.entries()) == {"JN:X1", "HB:9"}
    assert hub.sources().profile("JN").key == "035$a"


def test_what_was_said_of_one_waiting_delivery_holds_for_the_next(hub: Hub) -> None:
    waiting(hub, "JN", local("1"), key="035$a", name="济南市图书馆")
    waiting(hub, "JN", local("2"))
    hub.send("HB", book("9"))
    assert set(hub.entries()) == {"JN:X1", "HB:9"}
    profile = hub.sources().profile("JN")
    assert (profile.key, profile.name) == ("035$a", "济南市图书馆")


def test_an_index_of_another_catalogue_is_not_taken_for_its_own(hub: Hub, tmp_path: Path) -> None:
    """A generation has the same number in both; the index of another day is put back."""
    hub.send("JN", book("1", title="青海湖志"))
    shutil.copytree(hub.folder() / "index", tmp_path / "old")
    hub.send("JN", book("1", title="祁连山志"))
    hub.rebuild()
    lose(hub, hub.folder() / "index")
    shutil.copytree(tmp_path / "old", hub.folder() / "index")
    assert not check(hub, "doctor_index")[0]
    hub.send("HB", book("9", title="人生"))
    with hub.catalogue() as catalogue:
        found = [catalogue.search(words).total for words in ("青海湖志", "祁连山志", "人生")]
    assert found == [0, 1, 1]
    assert check(hub, "doctor_index")[0]


@pytest.mark.parametrize("gone", ["*", "*/catalogue.sqlite"])
def test_a_catalogue_that_somebody_removed_is_built_again(hub: Hub, gone: str) -> None:
    hub.send("JN", book("1"))
    hub.decide("JN:1", "HB:9", "same")
    for path in (hub.root / "catalogue").glob(gone.replace("*", "0*", 1)):
        lose(hub, path)
    with pytest.raises(Refused, match="nothing_loaded"):
        hub.catalogue()
    hub.send("HB", book("9", title="人生"))
    assert hub.together() == {frozenset({"JN:1", "HB:9"})}


def test_terms_that_were_cut_short_are_noticed_by_whoever_watches_the_numbers(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    seen = hub.sources().last_event
    with monkeypatch.context() as cut:
        cut.setattr(sources.Sources, "keep_profile", power_cut)
        with pytest.raises(KeyboardInterrupt):
            change_terms(hub.root, "JN", TermsOrder(shown=False))
    assert hub.sources().last_event > seen


def test_a_restore_killed_among_its_last_renames_begins_again(
    hub: Hub, elsewhere: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    hub.decide("JN:1", "HB:9", "different")
    to = hub.root.parent / "backups"
    backup(hub.root, to)
    staging = elsewhere.root / restore.STAGING
    staging.mkdir(parents=True)
    for name in ("catalogue", "decisions.jsonl"):
        (elsewhere.root / name).mkdir()
    restore.restore(find(to), elsewhere.root)
    assert elsewhere.everything() == hub.everything()


def test_a_log_in_which_all_is_done_is_not_read_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision is as quick in its tenth year as on the first day."""
    for number in range(3):
        hub.send("JN", book(str(number), title=f"第{number}种书"))

    def history(_: object) -> None:
        raise AssertionError("the whole log was read")

    monkeypatch.setattr(sources.Sources, "history", history)
    hub.decide("JN:0", "JN:1", "same")
    hub.decide("JN:0", "JN:1", "open")
    path = hub.inbox / "more.mrc"
    path.write_bytes(book("9"))
    import_files(hub.root, [path], Order("JN"))
    assert len(hub.entries()) == 4
