"""The drill: what is backed up while others work comes back on an empty machine as it was."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianguan.engine.match.decide import SAME
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import backup as backing_up
from lianguan.engine.union import seekable
from lianguan.engine.union.backup import backup, last_backup, log_of_now, remove_older
from lianguan.engine.union.loading import Load
from lianguan.engine.union.manifest import Backup, find, names, store
from lianguan.engine.union.restore import restore
from lianguan.engine.union.sources import Event, Sources
from tests.union.drill import bytes_in, decisions, found, living, lose, power_cut, same
from tests.union.hub import Hub, book


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
    states = {said["last"]: said for said in map(json.loads, (tmp_path / "states").open())}
    assert len({one.last for one in made}) > 3
    chosen = {one.last: one for one in made if one.last in states}
    assert len(chosen) > 3
    for one in random.Random(1).sample(sorted(chosen), min(3, len(chosen))):
        restore(chosen[one], elsewhere.root)
        came_back = {"everything": elsewhere.everything(), "found": found(elsewhere)}
        assert json.loads(json.dumps({"last": one, **came_back})) == states[one]
        lose(elsewhere, elsewhere.root)
    restore(backup(hub.root, to), elsewhere.root)
    assert same(hub, elsewhere)


WORKING = """
import json, sys
from pathlib import Path
from tests.union.drill import found
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
    said = {"last": last, "everything": hub.everything(), "found": found(hub)}
    states.write(json.dumps(said) + "\\n")
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
    lose(elsewhere, elsewhere.root)
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
    for said in (b"another" * 50, b"one" * 200_000):
        seekable.write(path, [said])
        assert seekable.read(path, 0, len(said)) == said
