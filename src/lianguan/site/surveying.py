"""The worker keeps up to date what a cataloguer should look at."""

import threading
import time
from pathlib import Path

from lianguan.catalogue import surveyed
from lianguan.engine.read.findings import Refused

REST = 20
"""After counting nothing is counted for so many times as long as that took: a small union is always
up to date, and a large one takes a twentieth of one core, however often it changes."""


class Surveyor:
    """Counts after each change, beside whatever else the worker does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.thread = threading.Thread()
        self.is_due = False
        self.rests_until = 0.0

    def note_change(self) -> None:
        """The catalogue is not as it was when it was counted."""
        self.is_due = True

    def look(self) -> None:
        """Begin, if something has changed and it was not done just now."""
        if self.is_due and not self.thread.is_alive() and time.monotonic() >= self.rests_until:
            self.is_due = False
            self.thread = threading.Thread(target=self._count, daemon=True)
            self.thread.start()

    def _count(self) -> None:
        begun = time.monotonic()
        try:
            surveyed.count_anew(self.root)
        except Refused:  # there is no catalogue; the page says so itself
            return
        finally:
            now = time.monotonic()
            self.rests_until = now + REST * (now - begun)
