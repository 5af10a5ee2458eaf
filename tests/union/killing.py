"""A union to which something is about to be done, that is killed in the middle of it, and what
must be true of it afterwards."""

import json
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lianguan.engine.match.decide import SAME
from tests.union.faults import Said
from tests.union.hub import Hub, book
from tests.union.test_history import assert_found

Books = dict[int, str]
"""Number → title of a member's books."""


def written(books: Books, gone: set[int] = frozenset()) -> bytes:  # type: ignore[assignment]
    """A file of these books; those that are `gone` are marked as deleted."""
    found = []
    for number, title in books.items():
        data = bytearray(book(str(number), title=title))
        if number in gone:
            data[5:6] = b"d"
        found.append(bytes(data))
    return b"".join(found)


def title(number: int, edition: int = 0) -> str:
    return f"第{number}种书" + (f"之{edition}" if edition else "")


@dataclass(slots=True)
class Trial:
    """What is about to be done, and the records that are there if it is not done, or is."""

    hub: Hub
    act: str
    said: Said
    without: set[str]
    done: set[str]

    def command(self, how: str, point: str, times: int, root: Path) -> tuple[str, ...]:
        told = (how, point, str(times), str(root), self.act, json.dumps(self.said))
        return (sys.executable, "-m", "tests.union.faults", *told)

    def met(self, point: str, folder: Path) -> int:
        """How often the point is met: done once on a copy."""
        copy = shutil.copytree(self.hub.root, folder)
        command = self.command("count", point, 0, copy)
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    def kill(self, point: str, times: int) -> None:
        """Do it, and be killed."""
        command = self.command("kill", point, times, self.hub.root)
        ended = subprocess.run(command, capture_output=True, check=False)
        assert ended.returncode == -signal.SIGKILL, f"{point} was not met: {ended.stderr.decode()}"

    def assert_whole(self, before: int) -> None:
        """After the next import: done is what the log says, or it is as if nothing had been;
        and what a rebuild gives. `before` is how long the log was."""
        is_in_log = len(self.hub.sources().history()) > before
        assert_whole(self.hub, self.done if is_in_log else self.without)
        if self.act != "refused":  # what was to be refused may have been kept, with the reason
            assert not self.hub.sources().failed()
        LATER.get(self.act, _nothing_more)(self, is_in_log)


def assert_whole(hub: Hub, records: set[str]) -> None:
    """After the next import these records are there; the index has every entry, found by its own
    title; and a rebuild gives the same."""
    hub.send("GC", book("g", title="青海湖"))
    assert set(hub.entries()) == records | {"GC:g"}
    with hub.catalogue() as catalogue:
        count = catalogue.size()[1]
    assert_found(hub, count)
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    assert_found(hub, count)


def _nothing_more(trial: Trial, is_in_log: bool) -> None:
    pass


def _is_decided(trial: Trial, is_in_log: bool) -> None:
    entries = trial.hub.entries()
    is_one = entries[trial.said["left"]] == entries[trial.said["right"]]
    assert is_one == is_in_log


def _terms_hold(trial: Trial, is_in_log: bool) -> None:
    """The search shows what the terms allow, whichever they are now."""
    is_shown = trial.hub.sources().profile(trial.said["library"]).terms.shown
    with trial.hub.catalogue() as catalogue:
        hits = catalogue.search("", limit=1000).hits
    assert any(trial.said["library"] in hit.libraries for hit in hits) == is_shown


NAME = "江宁图书馆"
"""What JN is called, as it says with its last delivery."""


def _is_called_so(trial: Trial, is_in_log: bool) -> None:
    """What was said of a member with a delivery that is kept holds for the next one."""
    assert trial.hub.sources().profile("JN").name == (NAME if is_in_log else "")
    trial.hub.send("JN", book("n", title="早晨"))
    assert trial.hub.sources().profile("JN").name == (NAME if is_in_log else "")


LATER: dict[str, Callable[[Trial, bool], None]] = {
    "import": _is_called_so,
    "later": _is_called_so,
    "decide": _is_decided,
    "terms": _terms_hold,
}


def keys(library: str, books: Books) -> set[str]:
    return {f"{library}:{number}" for number in books}


def trial(folder: Path, act: str, seed: int) -> Trial:
    """HB and JN have books, some of them both; JN has sent twice. Which, and what is about to be
    done, is drawn."""
    chance = random.Random(f"{act} {seed}")
    hub = Hub(folder)
    others = _drawn(chance, 30, 0)
    first, second = _drawn(chance, 70, 0), _drawn(chance, 40, 1)
    hub.send("HB", written(others))
    hub.send("JN", written(first), is_full=chance.random() < 0.5)
    taken_back = hub.send("JN", written(second)).import_id
    theirs, own = keys("HB", others), first | second
    there = theirs | keys("JN", own)
    if act in ("import", "later"):
        return _delivered(hub, act, chance, own, theirs)
    if act == "refused":
        path = hub.inbox / "killed.mrc"
        path.write_bytes(written(dict(list(own.items())[:2])))
        said = {"path": str(path), "order": {"library": "JN", "is_full": True}}
        return Trial(hub, act, said, there, there)
    if act == "withdraw":
        return Trial(hub, act, {"id": taken_back}, there, theirs | keys("JN", first))
    return Trial(hub, act, _said(act, chance, others, own), there, there)


def _drawn(chance: random.Random, count: int, edition: int) -> Books:
    size = chance.randint(count // 2, count)
    return {number: title(number, edition) for number in sorted(chance.sample(range(150), size))}


def _delivered(hub: Hub, act: str, chance: random.Random, own: Books, theirs: set[str]) -> Trial:
    """New books, changed ones and deletions; now and then all that JN has."""
    came = _drawn(chance, 120, chance.randrange(3))
    gone = set(chance.sample(sorted(own), len(own) // 4)) & came.keys()
    path = hub.inbox / "killed.mrc"
    path.write_bytes(written(came, gone))
    is_full = chance.random() < 0.4
    order = {"library": "JN", "is_full": is_full, "may_delete": True, "name": NAME}
    left = {number for number in ({} if is_full else own) | came if number not in gone}
    said = {"path": str(path), "order": order}
    without = theirs | keys("JN", own)
    return Trial(hub, act, said, without, theirs | {f"JN:{number}" for number in left})


def _said(act: str, chance: random.Random, others: Books, own: Books) -> Said:
    if act == "decide":
        left = chance.choice(sorted(others))
        right = chance.choice([number for number in own if number != left])
        return {"left": f"HB:{left}", "right": f"JN:{right}", "said": SAME}
    return {"library": "JN"} if act == "terms" else {}
