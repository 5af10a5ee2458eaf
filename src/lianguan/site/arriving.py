"""Bodies of requests on their way in: whoever sends slowly, or never ends, keeps no reader from a
page.

A body is read ahead by a thread of its own, and who makes the page waits for it piece by piece; who
waits is not counted among those who make pages. What nobody wants to have is thrown away before the
answer is given, since browsers look for it only when they have sent everything.
"""

import io
import queue
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PIECE = 64 << 10
"""Bytes."""
PATIENCE = 30.0
"""Seconds in which a piece must have come: 2 KiB in a second, as slow as any line is."""
AHEAD = 4
"""Pieces that are read before somebody wants them."""

MAKING = 4
"""Pages made at a time, in each process of the server."""
WAITING = 28
"""Bodies waited for at a time."""
READING = 256
"""Bodies read at a time, with those that nobody waits for any more."""
THROWING_AWAY = 600.0
"""Seconds for which a body that nobody wants may come; then it breaks off."""

REFUSED = "lianguan.body"
"""Where a page finds that its body was not read: "busy"."""


class TooSlow(OSError):
    """A piece did not come in time."""


class CutOff(OSError):
    """A body ended before its end."""


class Source(Protocol):
    """What the server gives to read a body from; a read waits until it has all it wants."""

    def read(self, size: int, /) -> bytes: ...


class Arriving(io.RawIOBase):
    """A body that is waited for no longer than is reasonable. Raises TooSlow and CutOff."""

    def __init__(self, source: Source, length: int, making: threading.Semaphore) -> None:
        self.source, self.missing, self.making = source, length, making
        self.pieces: queue.Queue[bytes] = queue.Queue(AHEAD)
        self.rest = memoryview(b"")
        self.is_wanted = True

    def start(self, ended: Callable[[], None]) -> None:
        """Begin to read."""
        threading.Thread(target=self._read_ahead, args=(ended,), daemon=True).start()

    def _read_ahead(self, ended: Callable[[], None]) -> None:
        try:
            while self.is_wanted:
                piece = self.source.read(PIECE)
                self.pieces.put(piece)
                if not piece:
                    break
        finally:
            ended()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview", /) -> int:  # type: ignore[override]  # of bytes
        if not self.rest and self.missing:
            self.rest = memoryview(self._next_while_others_work())
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size

    def _next_while_others_work(self) -> bytes:
        self.making.release()
        try:
            return self._next()
        finally:
            self.making.acquire()

    def _next(self) -> bytes:
        try:
            piece = self.pieces.get(timeout=PATIENCE)
        except queue.Empty:
            self.missing = 0
            raise TooSlow("no piece of the body came") from None
        if not piece:
            self.missing = 0
            raise CutOff("the body ended before its end")
        self.missing -= len(piece)
        return piece

    def throw_away(self) -> None:
        """What still comes, for as long as it comes."""
        end = time.monotonic() + THROWING_AWAY
        with suppress(TooSlow, CutOff):
            while self.missing > 0 and time.monotonic() < end:
                self._next()
        self.is_wanted = False
        with suppress(queue.Empty):
            while True:
                self.pieces.get_nowait()


def patient(application: WSGIApplication) -> WSGIApplication:
    """An application that waits for bodies in this way."""
    making = threading.BoundedSemaphore(MAKING)
    waiting = threading.BoundedSemaphore(WAITING)
    reading = threading.BoundedSemaphore(READING)

    def without(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with making:
            return application(environ, start)

    def arriving(environ: WSGIEnvironment, start: StartResponse, length: int) -> Iterable[bytes]:
        body = Arriving(cast(Source, environ["wsgi.input"]), length, making)
        environ["wsgi.input"] = io.BufferedReader(body, PIECE)
        body.start(reading.release)
        try:
            return without(environ, start)
        finally:
            body.throw_away()

    def answered(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        length = length_of(environ)
        if not length:
            return without(environ, start)
        if not waiting.acquire(blocking=False):
            return without(_unread(environ), start)
        try:
            if not reading.acquire(blocking=False):
                return without(_unread(environ), start)
            return arriving(environ, start, length)
        finally:
            waiting.release()

    return answered


def _unread(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request without its body."""
    return environ | {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "", REFUSED: "busy"}


def length_of(environ: WSGIEnvironment) -> int:
    """Bytes of a body, as the request says; 0 for none."""
    said = str(environ.get("CONTENT_LENGTH") or "")
    return int(said) if said.isdecimal() and len(said) < 19 else 0
