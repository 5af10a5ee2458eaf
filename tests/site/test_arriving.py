"""Bodies that come slowly, or never end: others are served meanwhile."""

import io
import queue
import socket
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from lianguan.site import arriving
from tests.processes import wait_for
from tests.site.test_working import Served

COOKIE = f"Cookie: form={'a' * 32}\r\n"
"""Without it no form is looked into."""
HEAD = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n{COOKIE}Content-Length: 1000000\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
BRIEFLY = 5.0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path / "var")
    try:
        wait_for(lambda: server.page("/tips"))
        yield server
    finally:
        server.stop()


def half_a_form(port: int) -> socket.socket:
    """Four bytes of a million, and nothing more."""
    sent = socket.create_connection(("127.0.0.1", port), timeout=BRIEFLY)
    sent.sendall(f"{HEAD}{FORM}a=bc".encode())
    return sent


def test_forms_that_are_never_ended_keep_no_reader_from_the_front_page(served: Served) -> None:
    several = [half_a_form(served.port) for _ in range(60)]
    try:
        time.sleep(0.5)
        with urllib.request.urlopen(f"{served.address}search", timeout=BRIEFLY) as answer:  # noqa: S310 - our own
            assert b"<main" in answer.read()
    finally:
        for one in several:
            one.close()


def test_whoever_comes_when_too_many_send_is_told_so(served: Served) -> None:
    several = [half_a_form(served.port) for _ in range(arriving.WAITING)]
    try:
        time.sleep(0.5)
        with closing(half_a_form(served.port)) as late:
            said = late.recv(4000)
            assert said.startswith(b"HTTP/1.1 503")
    finally:
        for one in several:
            one.close()
    wait_for(lambda: _signs_in(served.port))


def _signs_in(port: int) -> bool:
    """The door answers again."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=BRIEFLY)) as one:
        head = HEAD.replace("1000000", "4")
        one.sendall(f"{head}{FORM}a=bc".encode())
        return one.recv(4000).startswith(b"HTTP/1.1 403")


def test_a_browser_that_sends_far_too_much_sees_the_page_that_says_so(served: Served) -> None:
    head = HEAD.replace("1000000", str(32 << 20))
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=20)) as one:
        one.sendall(f"{head}{FORM}".encode())
        for _ in range(32):
            one.sendall(b"x" * (1 << 20))  # it looks at nothing before it has sent everything
        assert one.recv(4000).startswith(b"HTTP/1.1 413")


class Slow:
    """A source whose next piece comes when somebody gives it."""

    def __init__(self) -> None:
        self.given: queue.Queue[bytes] = queue.Queue()

    def read(self, size: int, /) -> bytes:
        return self.given.get()


def asked(source: Slow, length: int) -> WSGIEnvironment:
    return {"wsgi.input": source, "CONTENT_LENGTH": str(length)}


def reads(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """An application that says what it was sent."""
    try:
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))]
    except OSError as error:
        return [type(error).__name__.encode()]


def no_start(*_: object) -> None:
    """Nobody looks at it."""


def test_a_body_is_given_as_it_was_sent() -> None:
    source = Slow()
    pieces = [b"a" * arriving.PIECE, b"b" * 7, b""]
    for piece in pieces:
        source.given.put(piece)
    application = arriving.patient(reads)
    said = application(asked(source, arriving.PIECE + 7), no_start)  # type: ignore[arg-type]
    assert list(said) == [b"".join(pieces)]


def test_a_body_of_which_nothing_more_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "PATIENCE", 0.2)
    source = Slow()
    source.given.put(b"abc")
    said = arriving.patient(reads)(asked(source, 9), no_start)  # type: ignore[arg-type]
    assert list(said) == [b"TooSlow"]


def test_a_body_that_broke_off_is_not_taken_for_a_whole_one() -> None:
    source = Slow()
    for piece in (b"abc", b""):
        source.given.put(piece)
    said = arriving.patient(reads)(asked(source, 9), no_start)  # type: ignore[arg-type]
    assert list(said) == [b"CutOff"]


def test_what_nobody_wants_is_thrown_away_before_the_answer_and_no_thread_is_left() -> None:
    source = Slow()
    before = threading.active_count()

    def refuses(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return [b"no"]

    for _ in range(9):
        source.given.put(b"x" * arriving.PIECE)
    source.given.put(b"")
    said = arriving.patient(refuses)(asked(source, 9 * arriving.PIECE), no_start)  # type: ignore[arg-type]
    assert list(said) == [b"no"]
    assert source.given.qsize() <= 1
    wait_for(lambda: threading.active_count() == before)


def test_pages_are_made_while_bodies_are_waited_for() -> None:
    application = arriving.patient(reads)
    sources = [Slow() for _ in range(arriving.MAKING + 1)]
    threads = [
        threading.Thread(target=application, args=(asked(one, 3), no_start)) for one in sources
    ]
    for thread in threads:
        thread.start()
    without = {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}
    try:
        answers = queue.Queue[Iterable[bytes]]()
        page = threading.Thread(target=lambda: answers.put(application(without, no_start)))  # type: ignore[arg-type]
        page.start()
        assert list(answers.get(timeout=BRIEFLY)) == [b""]
    finally:
        for one in sources:
            one.given.put(b"abc")
            one.given.put(b"")
        for thread in threads:
            thread.join()
