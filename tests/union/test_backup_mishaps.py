"""Whatever goes wrong on the way to a backup or back leaves an older backup good."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import build, manifest, room
from lianguan.engine.union.backup import backup, remove_older
from lianguan.engine.union.database import building
from lianguan.engine.union.manifest import Backup, find, names, store
from lianguan.engine.union.restore import restore
from lianguan.engine.union.sources import Sources
from tests.union.drill import bytes_in, living, lose, power_cut, same
from tests.union.hub import Hub, book


def test_nothing_is_removed_where_a_backup_to_be_kept_cannot_be_read(hub: Hub, to: Path) -> None:
    for n in range(3):
        hub.send("JN", book(str(n)))
        backup(hub.root, to)
    second = to / f"{names(to)[1]}.json"
    second.write_bytes(second.read_bytes().replace(b"JN/", b"JM/"))
    before = bytes_in(to)
    with pytest.raises(Refused, match="backup_damaged"):
        remove_older(to, 2)
    before["lock"] = (to / "lock").read_bytes()
    assert bytes_in(to) == before


@pytest.mark.parametrize("ending", [".zst", ".json"])
def test_a_damaged_file_is_named_and_nothing_is_lost(
    hub: Hub, elsewhere: Hub, to: Path, ending: str
) -> None:
    made = backup(living(hub).root, to)
    stored = next(made.stored(file) for file in made.files if file.stored.endswith(ending))
    sound = stored.read_bytes()
    for damaged in (sound[:30] + bytes([sound[30] ^ 1]) + sound[31:], sound[:-1], b""):
        stored.write_bytes(damaged)
        with pytest.raises(Refused, match="backup_damaged") as refused:
            restore(made, elsewhere.root)
        assert refused.value.detail == str(stored)
        assert [path.name for path in elsewhere.root.iterdir()] == ["lock"]
    stored.unlink()
    with pytest.raises(Refused, match="backup_damaged"):
        restore(made, elsewhere.root)
    backup(hub.root, to)
    restore(made, elsewhere.root)
    assert same(hub, elsewhere)


def test_a_stored_file_that_was_cut_short_is_stored_again_by_the_next_backup(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    made = backup(living(hub).root, to)
    for stored in store(to).iterdir():
        stored.write_bytes(stored.read_bytes()[:-3])
    assert backup(hub.root, to).added == len({file.stored for file in made.files})
    restore(made, elsewhere.root)
    assert same(hub, elsewhere)


def test_a_damaged_source_never_takes_the_place_of_a_good_one(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    living(hub)
    made = backup(hub.root, to)
    good = next((hub.root / "sources").rglob("*.zst"))
    good.write_bytes(good.read_bytes()[:-9])
    backup(hub.root, to)
    restore(made, elsewhere.root)
    bad = hub.send("JN", book("7"))
    source = next((hub.root / "sources" / "JN" / bad.import_id).glob("*.zst"))
    source.write_bytes(b"\0" * 100)
    before = names(to)
    with pytest.raises(Refused, match="source_damaged") as refused:
        backup(hub.root, to)
    assert refused.value.detail == str(source)
    assert names(to) == before


def test_a_list_of_files_that_somebody_changed_writes_nowhere(hub: Hub, to: Path) -> None:
    hub.send("JN", book("1"))
    made = backup(hub.root, to)
    file = made.files[0]._replace(path="../../outside.json")
    manifest.write(manifest.Backup(to, made.name, *("",) * 3, 1, 1, (file,)))
    with pytest.raises(Refused, match="backup_damaged"):
        find(to)
    made.path.write_bytes(b'{"form": 2, "lianguan": "9.0"}')
    with pytest.raises(Refused, match="backup_newer"):
        find(to)
    made.path.write_bytes(b"")
    with pytest.raises(Refused, match="backup_damaged"):
        find(to)


def test_a_folder_that_has_something_in_it_is_not_restored_into(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    made = backup(living(hub).root, to)
    before = bytes_in(hub.root / "sources")
    with pytest.raises(Refused, match="restore_not_empty"):
        restore(made, hub.root)
    assert bytes_in(hub.root / "sources") == before
    with pytest.raises(Refused, match="restore_not_empty"):
        restore(made, elsewhere.inbox.parent)
    assert [path.name for path in elsewhere.inbox.parent.iterdir()] == ["inbox"]
    with building(elsewhere.root, "import"), pytest.raises(Refused, match="busy"):
        restore(made, elsewhere.root)


def test_a_restore_that_was_cut_short_can_be_begun_again(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(living(hub).root, to)
    with monkeypatch.context() as cut:
        cut.setattr(shutil, "rmtree", lambda *_, **__: None)
        cut.setattr(build, "bring_up", power_cut)
        with pytest.raises(KeyboardInterrupt):
            restore(made, elsewhere.root)
    assert {path.name for path in elsewhere.root.iterdir()} == {"lock", ".restoring"}
    of_another = elsewhere.root / ".restoring" / "sources" / "XX"
    of_another.mkdir()
    (of_another / "profile.json").write_text("{}")
    restore(made, elsewhere.root)
    assert same(hub, elsewhere)
    assert elsewhere.sources().libraries() == hub.sources().libraries()


def test_a_union_of_another_machine_is_not_put_among_these_backups(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    """The disk was lost, everything set up anew, and cron goes on: the good backups stay."""
    with pytest.raises(Refused, match="nothing_to_back_up"):
        backup(elsewhere.root, to)
    backup(living(hub).root, to)
    elsewhere.send("XX", book("1"))
    with pytest.raises(Refused, match="backup_of_another"):
        backup(elsewhere.root, to)
    assert len(names(to)) == 1


@pytest.mark.parametrize("inside", [".", "backups", "sources/backups", ".."])
def test_a_backup_does_not_stand_in_what_it_backs_up(hub: Hub, inside: str) -> None:
    hub.send("JN", book("1"))
    with pytest.raises(Refused, match="backup_inside"):
        backup(hub.root, hub.root / inside)


def test_two_backups_at_once_are_not_made_in_one_folder(hub: Hub, to: Path) -> None:
    hub.send("JN", book("1"))
    with building(to, "backup"), pytest.raises(Refused, match="backup_busy"):
        backup(hub.root, to)


def test_without_room_nothing_begins(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    made = backup(hub.root, to)
    hub.send("JN", book("2"))
    monkeypatch.setattr(room, "free_at", lambda _: 1 << 10)
    with pytest.raises(Refused, match="disk_full"):
        backup(hub.root, to)
    with pytest.raises(Refused, match="disk_full"):
        restore(made, elsewhere.root)
    assert [path.name for path in elsewhere.root.iterdir()] == ["lock"]


def test_a_disk_that_becomes_full_leaves_the_older_backup_and_no_half_file(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    made = backup(living(hub).root, to)
    before = hub.everything()
    noisy = (book(str(n), extra=f"300   $a{os.urandom(2000).hex()}") for n in range(300))
    hub.send("HB", b"".join(noisy))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, hard))
    try:
        with pytest.raises(Refused, match="disk_full"):
            backup(hub.root, to)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(to) == [made.name]
    assert not list(store(to).glob(".new-*"))
    restore(find(to), elsewhere.root)
    assert elsewhere.everything() == before
    assert backup(hub.root, to).added


def test_killed_again_and_again_a_backup_leaves_the_older_one_good(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    """kill -9 at chance moments while much is being copied."""
    made = backup(living(hub).root, to)
    before = hub.everything()
    for n in range(40):
        path = hub.inbox / "new.mrc"
        path.write_bytes(book(str(n), title=f"第{n}种书"))
        Sources(hub.root / "sources").receive(
            "JN", [path], "upsert", Sources(hub.root / "sources").profile("JN")
        )
    said = "import sys\nfrom pathlib import Path\nfrom lianguan.engine.union.backup import backup\nprint(flush=True)\nbackup(Path(sys.argv[1]), Path(sys.argv[2]))"
    chance = random.Random(5)
    killed = 0
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", said, hub.root, to], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.06))
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        assert find(made.path) == made_without_count(made)
    assert killed
    restore(find(made.path), elsewhere.root)
    assert elsewhere.everything() == before
    lose(elsewhere, elsewhere.root)
    last = backup(hub.root, to)
    assert not list(store(to).glob(".new-*"))
    restore(last, elsewhere.root)
    hub.rebuild()
    assert same(hub, elsewhere)


def made_without_count(made: Backup) -> Backup:
    return manifest.read(made.folder, made.name)


def test_a_clock_that_was_put_back_does_not_make_the_newest_the_oldest(hub: Hub, to: Path) -> None:
    hub.send("JN", book("1"))
    first = backup(hub.root, to)
    first.path.rename(to / "20991231T235959Z.json")
    assert backup(hub.root, to).name == "21000101T000000Z"
    remove_older(to, 1)
    assert names(to) == ["21000101T000000Z"]
