"""The drill: what is backed up while others work comes back on an empty machine as it was, and
whatever goes wrong on the way leaves an older backup good."""

import json
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

from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import Found
from lianguan.engine.union import backup as backing_up
from lianguan.engine.union import build, manifest, room, seekable
from lianguan.engine.union.backup import backup, last_backup, log_of_now, remove_older
from lianguan.engine.union.database import building
from lianguan.engine.union.loading import Load
from lianguan.engine.union.manifest import Backup, find, names, store
from lianguan.engine.union.restore import restore
from lianguan.engine.union.sources import Event, Sources
from tests.union.hub import Hub, book

ISBN = "9787020049295"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """Where backups stand: another disk, whose name has a space in it."""
    return tmp_path / "second disk" / "lianguan"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Hub:
    """A machine with nothing on it."""
    folder = tmp_path / "new machine"
    folder.mkdir()
    return Hub(folder)


def power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def living(hub: Hub) -> Hub:
    """A union to which something of everything has happened."""
    hub.send("JN", book("1", isbn=ISBN) + book("2", title="人生") + b"rubbish")
    taken_back = hub.send("HB", book("A/7", isbn=ISBN))
    hub.send("HB", "书名,著者,条码\n人生,路遥,0001\n".encode(), name="书目.csv")
    hub.withdraw(taken_back)
    hub.send("JN", book("1", isbn=ISBN, year="2012"))
    hub.send("GC", book("1", isbn=ISBN))
    hub.decide("JN:2", "GC:1", SAME)
    hub.decide("JN:1", "HB:A/7", DIFFERENT)
    return hub


def hidden(path: str) -> bool:
    """What is no part of the log."""
    return path == ".numbers"


def bytes_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    named = {str(path.relative_to(folder)): path.read_bytes() for path in found}
    return {name: said for name, said in named.items() if not hidden(name)}


def decisions(hub: Hub) -> bytes:
    return (hub.root / "decisions.jsonl").read_bytes()


def found(hub: Hub) -> list[object]:
    """What readers find: the order of what fits a query equally well is nobody's promise."""
    with hub.catalogue() as catalogue:
        queries = ("", "平凡的世界", "人生", "路遥", ISBN, "0001")
        answers = [catalogue.search(query, limit=1000) for query in queries]
        return [(one.total, sorted(one.hits), facets(one)) for one in answers] + [catalogue.size()]


def facets(one: Found) -> dict[str, list[tuple[str, int]]]:
    return {name: sorted(values) for name, values in one.facets.items()}


def same(one: Hub, other: Hub) -> bool:
    assert one.everything() == other.everything()
    assert found(one) == found(other)
    return True


def test_what_comes_back_on_an_empty_machine_is_the_union_that_was(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    made = backup(living(hub).root, to)
    assert (made.imports, made.last[:6]) == (5, "000008")
    restore(find(to), elsewhere.root)
    assert same(hub, elsewhere)
    assert bytes_in(hub.root / "sources") == bytes_in(elsewhere.root / "sources")
    assert decisions(hub) == decisions(elsewhere)
    assert frozenset({"JN:2", "GC:1"}) in hub.together()
    assert "too_short" in next((elsewhere.root / "set_aside").iterdir()).read_text("utf-8")
    for one in (hub, elsewhere):
        one.send("HB", book("9", title="世界"))
    assert hub.together() == elsewhere.together()


def test_a_backup_while_imports_run_is_the_log_up_to_one_moment(
    hub: Hub, elsewhere: Hub, to: Path, tmp_path: Path
) -> None:
    """Another process loads delivery after delivery and takes some back. Each backup of the
    time must give a union that there was, or was about to be."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKING, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": ":".join(sys.path)},
    )
    made: list[Backup] = []
    while process.poll() is None:
        if (hub.root / "sources").exists() and Sources(hub.root / "sources").libraries():
            made.append(backup(hub.root, to))
            time.sleep(0.1)
    assert process.returncode == 0
    states = {
        said["last"]: said["everything"] for said in map(json.loads, (tmp_path / "states").open())
    }
    assert len({one.last for one in made}) > 3
    chosen = {one.last: one for one in made if one.last in states}
    assert len(chosen) > 3
    for one in random.Random(1).sample(sorted(chosen), min(3, len(chosen))):
        restore(chosen[one], elsewhere.root)
        assert json.loads(json.dumps(elsewhere.everything())) == states[one], one
        shutil.rmtree(elsewhere.root)
    restore(backup(hub.root, to), elsewhere.root)
    assert same(hub, elsewhere)


WORKING = """
import json, sys
from pathlib import Path
from tests.union.hub import Hub, book
hub = Hub.__new__(Hub)
hub.root, hub.inbox = Path(sys.argv[1]) / "var", Path(sys.argv[1]) / "inbox"
states = (Path(sys.argv[1]) / "states").open("w")
for n in range(12):
    library = ("JN", "HB", "GC")[n % 3]
    done = hub.send(library, *(book(str(n + i), title=f"第{i}种书") for i in range(30)))
    if n % 4 == 3:
        hub.withdraw(done)
    if n % 4 == 1:
        hub.decide(f"{library}:{n}", f"JN:{n}", "same")
    last = hub.catalogue().sources.history()[-1].at
    states.write(json.dumps({"last": last, "everything": hub.everything()}) + "\\n")
"""


def test_what_happens_after_the_beginning_of_a_backup_is_not_in_it(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two members send, one after the other, while the log is being read member by member: the
    second delivery must not be in the backup without the first, nor half a withdrawal."""
    first = hub.send("GC", book("5"))
    hub.send("JN", book("1", title="人生"))
    before = hub.everything()
    whole = Sources.history

    def meanwhile(sources: Sources) -> list[Event]:
        found = whole(sources)
        monkeypatch.setattr(Sources, "history", whole)
        hub.send("HB", book("9", title="世界"))
        hub.withdraw(first)
        hub.decide("JN:1", "GC:5", SAME)
        return found

    monkeypatch.setattr(Sources, "history", meanwhile)
    made = backup(hub.root, to)
    assert (made.imports, made.last[:6]) == (2, "000002")
    restore(made, elsewhere.root)
    assert elsewhere.everything() == before


def test_a_delivery_that_was_received_and_not_yet_loaded_is_loaded_by_the_restore(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living(hub)
    with monkeypatch.context() as cut:
        cut.setattr(Load, "run", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("GC", book("2", title="世界"))
    made = backup(hub.root, to)
    assert (made.done, made.last[:6]) == (8, "000009")
    restore(made, elsewhere.root)
    assert "GC:2" in elsewhere.entries()
    hub.rebuild()
    assert same(hub, elsewhere)


def test_a_full_delivery_that_was_about_to_be_refused_deletes_nothing_after_a_restore(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor when the catalogue is built again where it was received."""
    many = [book(str(n), title=f"第{n}种书") for n in range(20)]
    hub.send("JN", b"".join(many))
    with monkeypatch.context() as cut:
        cut.setattr(Load, "run", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", many[0], is_full=True)
    restore(backup(hub.root, to), elsewhere.root)
    assert len(elsewhere.entries()) == 20
    hub.rebuild()
    assert same(hub, elsewhere)


def test_a_delivery_refused_while_it_was_copied_is_not_in_the_backup(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    gone = hub.send("HB", book("9"))
    sources = Sources(hub.root / "sources")
    whole = backing_up._check_room

    def meanwhile(*said: object) -> None:
        whole(*said)  # type: ignore[arg-type]
        sources.discard(next(one for one in sources.every() if one.id == gone.import_id))

    monkeypatch.setattr(backing_up, "_check_room", meanwhile)
    made = backup(hub.root, to)
    assert (made.imports, made.last[:6]) == (1, "000001")
    restore(made, elsewhere.root)
    assert set(elsewhere.entries()) == {"JN:1"}


def test_a_delivery_that_could_not_be_loaded_keeps_its_bytes(
    hub: Hub, elsewhere: Hub, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    hub.send("HB", book("9"))
    with monkeypatch.context() as broken:
        broken.setattr(Load, "run", fault)
        with pytest.raises(ZeroDivisionError):
            hub.send("JN", book("1"))
    restore(backup(hub.root, to), elsewhere.root)
    assert bytes_in(hub.root / "sources") == bytes_in(elsewhere.root / "sources")
    assert len(Sources(elsewhere.root / "sources").failed()) == 1


def test_the_second_backup_writes_only_what_is_new_and_both_can_be_restored(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    first = backup(living(hub).root, to)
    before = hub.everything()
    stored = {path: path.stat().st_ino for path in store(to).iterdir()}
    assert backup(hub.root, to).added == 0
    hub.send("HB", book("9", title="世界"))
    last = backup(hub.root, to)
    assert last.added == 2  # the file, and what is said of it
    assert {path: path.stat().st_ino for path in stored} == stored
    restore(find(last.path), elsewhere.root)
    assert same(hub, elsewhere)
    shutil.rmtree(elsewhere.root)
    restore(find(first.path), elsewhere.root)
    assert elsewhere.everything() == before


def test_the_oldest_backups_go_and_what_others_need_stays(
    hub: Hub, elsewhere: Hub, to: Path
) -> None:
    for n in range(4):
        hub.send("JN", book(str(n), title=f"第{n}种书"))
        backup(hub.root, to)
    sources = Sources(hub.root / "sources")
    sources.keep_profile("JN", sources.profile("JN"))
    made = names(to)
    before = len(list(store(to).iterdir()))
    assert remove_older(to, 2) == made[:2]
    assert names(to) == made[2:]
    assert len(list(store(to).iterdir())) <= before
    assert remove_older(to, 2) == []
    hub.withdraw(hub.send("JN", book("9")))
    backup(hub.root, to)
    remove_older(to, 1)
    kept = find(to)
    assert {path.name for path in store(to).iterdir()} == {file.stored for file in kept.files}
    restore(kept, elsewhere.root)
    assert same(hub, elsewhere)


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
    restore(made, elsewhere.root)
    assert same(hub, elsewhere)


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
    shutil.rmtree(elsewhere.root)
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


def test_the_union_remembers_its_last_backup(hub: Hub, to: Path) -> None:
    hub.send("JN", book("1"))
    assert last_backup(hub.root) is None
    made = backup(hub.root, to)
    known = last_backup(hub.root)
    assert known
    assert (known.at, known.last, known.folder) == (made.at, made.last, str(to))
    with pytest.raises(Refused, match="backup_not_found"):
        find(to / "nowhere")


def test_the_log_is_read_while_a_delivery_goes_away(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.send("JN", book("1"))
    sources = Sources(hub.root / "sources")
    ghost = hub.root / "sources" / "JN" / "000002-20260302T081500Z"
    whole = Path.glob

    def seen(self: Path, pattern: str) -> object:
        found = list(whole(self, pattern))
        return [*found, ghost / "import.json"] if pattern.endswith("import.json") else found

    monkeypatch.setattr(Path, "glob", seen)
    assert len(log_of_now(sources)[0]) == 1


def test_a_packed_file_put_in_the_place_of_another_is_read_by_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "x.zst"
    for said in (b"one" * 200_000, b"another" * 50):
        seekable.write(path, [said])
        assert seekable.read(path, 0, len(said)) == said
