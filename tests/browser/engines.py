"""The browsers that pages are judged in, and how each is started. `scripts/browsers` installs
them. All three are spoken to in one way, the DevTools protocol (docs/decisions/0020)."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "browsers"
"""What `scripts/browsers` has installed."""

QUIET = (
    "--no-sandbox",  # root may not have one, and it is our own pages that are shown
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ALONE = ("--single-process", "--no-zygote")
SOON = 30.0


class NoBrowser(Exception):
    """A browser that is not here, or does not start; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Engine:
    name: str
    says: str
    """How what it says of itself must begin."""
    program: Callable[[], str | None]
    words: tuple[str, ...]
    has_own_keys: bool = False
    """Keys are pressed by lines to the program, and not by the protocol."""


class Started(NamedTuple):
    address: str
    """Where its page is spoken to."""
    process: subprocess.Popen[bytes]


def _chromium() -> str | None:
    return shutil.which("chromium")


def _chrome109() -> str | None:
    return _installed("chrome109/chromium")


def _chrome83() -> str | None:
    return _installed("chrome83/bin/python")


def _installed(name: str) -> str | None:
    path = FOLDER / name
    return str(path) if path.exists() else None


WINDOW = str(Path(__file__).with_name("window83.py"))

ENGINES = {
    "chromium": Engine("chromium", "Chrome/", _chromium, ("--headless=new", *QUIET)),
    "chrome109": Engine("chrome109", "Chrome/109.", _chrome109, ("--headless", *ALONE, *QUIET)),
    "chrome83": Engine("chrome83", "Chrome/83.", _chrome83, (WINDOW, *ALONE, *QUIET), True),
}
"""Today's; the floor of every page; the floor of reading, searching, requesting, returning."""


@contextmanager
def started(engine: Engine) -> Iterator[Started]:
    """A new browser with a new profile and one page. Raises NoBrowser."""
    program = engine.program()
    if program is None:
        raise NoBrowser(f"{engine.name} is not installed (scripts/browsers)")
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        process = _run((program, *engine.words), port, profile)
        try:
            yield Started(_page_address(process, engine, port), process)
        finally:
            _end(process)


def _run(command: tuple[str, ...], port: int, profile: str) -> subprocess.Popen[bytes]:
    words = (f"--remote-debugging-port={port}", f"--user-data-dir={profile}", "about:blank")
    environment = os.environ | {
        "HOME": profile,
        "XDG_RUNTIME_DIR": profile,
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{port}",
    }
    silent = subprocess.DEVNULL
    return subprocess.Popen(
        [*command, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=silent,
        stderr=silent,
        bufsize=0,
    )


def _page_address(process: subprocess.Popen[bytes], engine: Engine, port: int) -> str:
    end = time.monotonic() + SOON
    while process.poll() is None and time.monotonic() < end:
        try:
            version = _asked(port, "version")["User-Agent"]
            pages = [one for one in _asked(port, "list") if one["type"] == "page"]
        except OSError:
            pages = []
        if pages:
            if engine.says not in version.replace("HeadlessChrome", "Chrome"):
                raise NoBrowser(f"{engine.name} says that it is {version}")
            return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise NoBrowser(f"{engine.name} does not start (ended with {process.poll()})")


def _asked(port: int, what: str) -> Any:  # what JSON holds
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/{what}", timeout=5) as answer:
        return json.load(answer)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
