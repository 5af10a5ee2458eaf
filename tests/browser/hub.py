"""A small real catalogue, served as `lianguan serve` serves it: the demonstration's three
members, and where it is asked for one more whose records are awkward to set."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from demo.build import build
from demo.facts import LIBRARIES, NAMES
from demo.run import MEMBERS
from tests.browser import sent
from tests.browser.engines import ROOT
from tests.processes import descendants, lives, wait_for


class Site(NamedTuple):
    address: str
    process: int


Clock = dict[str, str]
"""What a command finds in its environment so that it is another day."""
NOW: Clock = {}
BUILDING = ("work", "tangled")
"""Sites at which somebody builds, so that the worker changes nothing meanwhile."""
ENDED = 20.0
"""Seconds in which a server has ended."""

LIANGUAN = (sys.executable, "-m", "lianguan")
FOUNDED = (sys.executable, "-m", "tests.browser.founded")


def fill(root: Path, clock: Clock = NOW) -> None:
    """Load what the three members send."""
    files = root.parent / "files"
    build(files)
    for member, name in MEMBERS.items():
        words = (str(files / name), "--library", LIBRARIES[member], "--name", NAMES[member])
        load(root, *words, clock=clock)


def load(root: Path, *words: str, clock: Clock = NOW) -> None:
    """`lianguan import` with these words."""
    _run([*LIANGUAN, "import", *words], root, clock)


def _nothing(root: Path) -> None:
    """The demonstration and no more."""


def tell(root: Path, step: str, clock: Clock = NOW) -> None:
    """A step of `founded`."""
    _run([*FOUNDED, step], root, clock)


def _run(command: list[str], root: Path, clock: Clock) -> str:
    said = subprocess.run(
        command, cwd=ROOT, env=at(root) | clock, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def _fill_and_more(root: Path, clock: Clock, more: Callable[[Path], None]) -> None:
    tell(root, "people", clock)
    fill(root, clock)
    more(root)


def fill_work(root: Path, clock: Clock = NOW) -> None:
    """A hub at which people are at work: deliveries that are in, one that was taken back, files that
    nobody has said yes to, and a delivery that waits."""
    night = root.parent / "海北夜间导出-0228.mrc"
    tell(root, "people", day(clock, "2026-02-10 09:12:00"))
    fill(root, day(clock, "2026-02-11 15:40:00"))
    night.write_bytes(sent.nightly(20, 60))
    load(root, str(night), "--library", LIBRARIES["H"], clock=day(clock, "2026-02-28 22:05:00"))
    wrong = root.parent / "试送-请勿使用.mrc"
    wrong.write_bytes(sent.nightly(0, 20))
    load(root, str(wrong), "--library", LIBRARIES["G"], clock=day(clock, "2026-03-01 10:31:00"))
    command = [*LIANGUAN, "withdraw", _last(root, LIBRARIES["G"])]
    _run(command, root, day(clock, "2026-03-01 10:44:00"))
    tell(root, "files", day(clock, "2026-03-02 06:20:00"))
    whole = root.parent / "files" / "济南全部馆藏.mrc"
    (root.parent / "files" / "jinan.mrc").rename(whole)
    words = (str(whole), "--library", LIBRARIES["J"], "--full", "--later")
    load(root, *words, clock=day(clock, "2026-03-02 06:52:00"))


def fill_tangled(root: Path, clock: Clock = NOW) -> None:
    """A catalogue in which much is to be disentangled."""
    tell(root, "people", clock)
    fill(root, clock)
    more = root.parent / "海北补录.mrc"
    more.write_bytes(sent.tangled())
    load(root, str(more), "--library", LIBRARIES["H"], clock=clock)
    tell(root, "tangle", clock)


def _last(root: Path, library: str) -> str:
    """The number of the last delivery of a library."""
    return max(one.name for one in (root / "sources" / library).iterdir() if one.is_dir())


def day(clock: Clock, said: str) -> Clock:
    """Another day, where the clock can be set at all."""
    return clock | {"FAKETIME": f"@{said}"} if clock else clock


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Somebody builds, and comes no further."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*FOUNDED, "hold"], cwd=ROOT, env=at(root), stdin=pipe, stdout=pipe, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "at work\n"
        yield
        assert holder.stdin
        holder.stdin.close()


class Sites(Mapping[str, str]):
    """Addresses by name. Each is filled and served when it is first asked for:

    demo: the demonstration at a hub that was founded, with what `more` adds
    empty: nothing, and nobody has been there
    founded: a hub, and no libraries yet
    listed: libraries, and no files yet
    work: people at work, with files in every state
    tangled: a catalogue in which much is to be disentangled
    """

    def __init__(
        self, folder: Path, stack: ExitStack, more: Callable[[Path], None], clock: Clock
    ) -> None:
        self.folder, self.stack, self.clock = folder, stack, clock
        self.known: dict[str, str] = {}
        self.filling: dict[str, Callable[[Path], None]] = {
            "demo": lambda root: _fill_and_more(root, clock, more),
            "empty": lambda root: root.mkdir(parents=True),
            "founded": lambda root: tell(root, "found", clock),
            "listed": lambda root: tell(root, "list_places", clock),
            "work": lambda root: fill_work(root, clock),
            "tangled": lambda root: fill_tangled(root, clock),
        }

    def __getitem__(self, name: str) -> str:
        if name not in self.known:
            root = self.folder / name / "var"
            self.filling[name](root)
            if name in BUILDING:
                self.stack.enter_context(held(root))
            self.known[name] = self.stack.enter_context(served(root, clock=self.clock)).address
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.filling)

    def __len__(self) -> int:
        return len(self.filling)


@contextmanager
def sites(
    folder: Path, more: Callable[[Path], None] = _nothing, clock: Clock = NOW
) -> Iterator[Sites]:
    """The sites that pages are looked at on, until the end."""
    with ExitStack() as stack:
        yield Sites(folder, stack, more, clock)


@contextmanager
def served(root: Path, workers: int = 1, clock: Clock = NOW, port: int = 0) -> Iterator[Site]:
    """On a port; 0 is a free one."""
    command = [*LIANGUAN, "serve", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(
        command, env=at(root) | clock, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            address = _address(process.stdout.readline())
            wait_for(lambda: _answers(address))
            yield Site(address, process.pid)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """And all that it has started, should it not end by itself."""
    process.terminate()
    try:
        process.wait(ENDED)
    except subprocess.TimeoutExpired:
        kill(process.pid)


def kill(process: int) -> None:
    """A server and all that it has started, as a power cut does."""
    every = (process, *descendants(process))
    for one in every:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    wait_for(lambda: not any(lives(one) for one in every))


def _address(said: str) -> str:
    _, _, address = said.partition("http://")
    assert address, f"it does not say where it is: {said!r}"
    return f"http://{address.strip().rstrip('/')}"


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/", timeout=5).close()  # noqa: S310 - our own
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def at(root: Path) -> dict[str, str]:
    """What a command is told so that it works on this folder, in English."""
    return os.environ | {
        "LIANGUAN_DATA": str(root),
        "LIANGUAN_LANG": "en",
        "DJANGO_SETTINGS_MODULE": "lianguan.site.settings",
    }
