"""The worker: does what waits in the log of imports, withdrawals and decisions as soon as it is
there, and what waits to be rehearsed. `lianguan serve` starts it and starts it again should it end.

It needs no queue: what waits is the difference between the log and the catalogue, and uploads in
the state of waiting; whoever was killed in the middle leaves them as they were.
"""

import datetime
import os
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import django

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.database import building
from lianguan.engine.union.progress import Telling
from lianguan.engine.union.rebuilding import ready_builder
from lianguan.engine.union.sharing import BEHIND_READERS, end_with
from lianguan.engine.union.sources import Sources
from lianguan.site.examining import Examiner
from lianguan.site.refusals import as_refusal, tell
from lianguan.site.surveying import Surveyor

PAUSE = 0.3
"""Seconds between two looks at the log."""

AFTER_A_FAULT = 30.0
"""Seconds before what failed is tried again."""


def work(root: Path) -> None:
    """Build what is to be built, until somebody ends this process."""
    sources = Sources(root / "sources")
    seen, day = None, None
    examiner, surveyor = Examiner(root), Surveyor(root)
    while True:
        try:
            last = sources.last_event
            if last != seen and _catch_up(root):
                seen = last
                surveyor.note_change()
            _finish(root)
            day = _tidied(day)
            examiner.look()
            surveyor.look()
            time.sleep(PAUSE)
        except Exception as error:  # noqa: BLE001 - a disk that is full today may have room tomorrow
            _tell_of(error)
            time.sleep(AFTER_A_FAULT)


def _tell_of(error: Exception) -> None:
    """One sentence, as at the command line; all that is known of what nobody foresaw."""
    refused = as_refusal(error)
    if refused:
        tell(refused)
    else:
        traceback.print_exc()


def _catch_up(root: Path) -> bool:
    """Whether it could: somebody else may be building."""
    sources = Sources(root / "sources")
    failed = sources.failed()
    try:
        with building(root, "worker"):
            ready_builder(root, Telling(root))
    except Refused as refused:
        if refused.code != "busy":
            raise
        return False
    for one in sorted({*sources.failed()} - {*failed}):
        tell(Refused("put_aside", one))
    return True


def _finish(root: Path) -> None:
    from lianguan.site.finishing import finish  # noqa: PLC0415 - once Django is ready

    finish(root)


def _tidied(last: datetime.date | None) -> datetime.date:
    """The day on which what was forgotten was dropped last."""
    from lianguan.site.finishing import tidy  # noqa: PLC0415 - once Django is ready

    today = datetime.datetime.now(datetime.UTC).date()
    if today != last:
        tidy()
    return today


class Worker:
    """The worker as a child process that is there for as long as the server is.

    Make it before the server forks: a process forked in the middle of `Popen` holds the pipe open
    on which `Popen` waits, and the worker would never be started again.
    """

    def __init__(self) -> None:
        self.is_wanted = True
        self.process = _started()
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Keep it going."""
        self.keeper.start()

    def _keep(self) -> None:
        while self.is_wanted:
            self.process.wait()
            time.sleep(PAUSE)
            if self.is_wanted:
                self.process = _started()

    def stop(self) -> None:
        """End it; what it was at is done by the next."""
        self.is_wanted = False
        while self.keeper.is_alive():
            self.process.terminate()
            self.keeper.join(PAUSE)


def _started() -> subprocess.Popen[bytes]:
    """In a process group of its own: Ctrl-C is for the server, which then ends its worker."""
    command = (sys.executable, "-m", "lianguan.site.working", str(os.getpid()))
    return subprocess.Popen(command, process_group=0)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    os.nice(BEHIND_READERS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
    django.setup()
    work(Path(os.environ["LIANGUAN_DATA"]))
