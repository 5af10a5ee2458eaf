"""What each stage of a piece of work takes: seconds, CPU seconds, memory, room on the disk."""

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LOOKS = 0.05
"""Seconds between two looks at the memory; at the disk it is looked at every twentieth time."""

Stage = dict[str, float]
"""seconds, cpu, peak (MiB of memory), disk (most bytes at any time)."""


def nobody(name: str, stage: Stage) -> None:
    pass


class Stages:
    """What each stage took, of this process and those that it starts."""

    def __init__(self, root: Path, tell: Callable[[str, Stage], None] = nobody) -> None:
        """`root` is the folder whose size counts; `tell` hears of each stage when it ends, and of
        one that is gone on with each time."""
        self.root = root
        self.tell = tell
        self.found: dict[str, Stage] = {}
        self.name = ""
        self.begun = (0.0, 0.0)
        self.peak = self.disk = 0
        self.ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, name: str) -> None:
        """End the stage before, begin this one; one that was there before goes on."""
        now = (time.perf_counter(), cpu())
        if self.name:
            stage = self.found.setdefault(self.name, {"seconds": 0, "cpu": 0, "peak": 0, "disk": 0})
            stage["seconds"] += now[0] - self.begun[0]
            stage["cpu"] += now[1] - self.begun[1]
            stage["peak"] = max(stage["peak"], self.peak, anonymous(os.getpid()))
            stage["disk"] = max(stage["disk"], self.disk, size(self.root))
            self.tell(self.name, stage)
        self.name, self.begun = name, (time.perf_counter(), cpu())
        self.peak = self.disk = 0

    def told(self, stage: str, done: int, total: int) -> None:
        """Listens to a build."""
        name = {"rebuild": "read"}.get(stage, stage)
        if name != self.name:
            self.begin(name)

    def _look(self) -> None:
        looks = 0
        while not self.ended.wait(LOOKS):
            looks += 1
            self.peak = max(self.peak, anonymous(os.getpid()))
            if looks % 20 == 0:
                self.disk = max(self.disk, size(self.root))


def cpu() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def anonymous(process: int) -> int:
    """MiB of memory that no file stands behind, of a process and its children; pages that they
    share count for each of them by their share (Pss)."""
    total = 0
    for one in (process, *_children(process)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))
    return total >> 10


def _children(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            yield from map(int, (task / "children").read_text("ascii").split())
        except OSError:
            continue


def size(folder: Path) -> int:
    """Bytes of the files in a folder, those that go while it is looked at left out; of hard links
    each once."""
    found: dict[int, int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                said = Path(place, name).lstat()
            except FileNotFoundError:
                continue
            found[said.st_ino] = said.st_size
    return sum(found.values())
