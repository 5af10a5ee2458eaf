"""A delivery prepared by several processes side by side, each a share of its chunks, in the
order of the delivery."""

import contextlib
import ctypes
import functools
import gc
import itertools
import marshal
import multiprocessing
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

from lianguan.engine.mapping.fast import Remembered
from lianguan.engine.mapping.opened import WORTH_COMPILING
from lianguan.engine.mapping.stream import WHOLE, Share, container_of
from lianguan.engine.read import compiled, files
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Refused, SetAside
from lianguan.engine.union.prepare import Against, Arrived, Copies, Gone, Made, Piece, Preparer
from lianguan.engine.union.sources import Profile

T = TypeVar("T")

MOST_PROCESSES = 8

BEHIND_READERS = 10
"""By how much these processes let others go first: whoever searches meanwhile must not wait."""

ON_DEATH_OF_PARENT = 1
"""PR_SET_PDEATHSIG of Linux: the signal that a process gets when the one that made it ends."""


class Begun(NamedTuple):
    """A file was opened: what it was found to be."""

    container: str
    dialect: str
    columns: dict[str, dict[str, str]]
    """Sheet → heading → attribute."""


class Ended(NamedTuple):
    """A file is at its end, or could not be read (any further)."""

    refusal: str
    detail: str


Event = Begun | Ended | list[Piece]


class ProcessFailed(Exception):
    """A process that prepared a share came to an end it should not; says what it said."""


def processes() -> int:
    """How many work side by side here."""
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def end_with(parent: int) -> None:
    """Have this process killed by the kernel as soon as `parent`, which made it, ends, however that
    ends: so nobody goes on alone with the locks and the port that were handed down. Whoever makes
    such a process from a thread must let the thread live as long."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(ON_DEATH_OF_PARENT, ctypes.c_ulong(signal.SIGKILL)):
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it ended before it could be asked for
        os._exit(1)


class Bundle(NamedTuple):
    """The files of one delivery, and what they are prepared for."""

    files: Sequence[SourceFile]
    sizes: Sequence[int]
    """Bytes of each, as far as they are known."""
    against: Against


def prepared(bundle: Bundle) -> Iterator[Event]:
    """File after file what it is, its pieces, its end."""
    remembered = Remembered()
    for file in bundle.files:
        yield from _events(file, bundle.against, WHOLE, remembered)


def _events(
    file: SourceFile, against: Against, share: Share, remembered: Remembered
) -> Iterator[Event]:
    """What a file is, one share of its pieces, its end. Only the first share tells what it is."""
    try:
        preparer = Preparer(file, against, share, remembered)
        opened = preparer.opened
        if not share.own:
            columns = {one.sheet: one.named for one in opened.shapes}
            yield Begun(opened.container, opened.dialect, columns)
        yield from preparer.chunks()
    except Refused as refused:
        yield Ended(refused.code, refused.detail)
    else:
        yield Ended("", "")


class Team:
    """Processes that prepare deliveries together, in order: chunk by chunk in turn, and a file
    that is small or not parted into chunks by one of them alone."""

    def __init__(self, bundles: Sequence[Bundle], count: int) -> None:
        self.bundles = bundles
        self.count = count
        self.number = 0
        """Of the next file, counted over all deliveries: who begins it."""

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Iterator[Iterator[Event]]]:
        """The events of each delivery; each is to be taken to its end before the next."""
        jobs = [functools.partial(self._share, own) for own in range(self.count)]
        with side_by_side(jobs) as answers:
            yield (self._delivery(bundle, answers) for bundle in self.bundles)

    def _share(self, own: int) -> Iterator[tuple[Any, ...]]:
        """In one process: its share of everything."""
        number = 0
        remembered = Remembered()
        for bundle in self.bundles:
            for file, size in zip(bundle.files, bundle.sizes, strict=True):
                turn = (own - number) % self.count
                number += 1
                share = Share(turn, self.count)
                if not _is_shared(file, size, bundle.against.profile):
                    share = WHOLE
                if share is not WHOLE or not turn:
                    events = _events(file, bundle.against, share, remembered)
                    yield from map(_as_plain, events)

    def _delivery(self, bundle: Bundle, answers: list[Iterator[Any]]) -> Iterator[Event]:
        for file, size in zip(bundle.files, bundle.sizes, strict=True):
            first = self.number
            self.number += 1
            many = self.count if _is_shared(file, size, bundle.against.profile) else 1
            turns = [answers[(first + turn) % self.count] for turn in range(many)]
            yield from _file(turns)


def _is_shared(file: SourceFile, size: int, profile: Profile) -> bool:
    if size < WORTH_COMPILING or not compiled.available():
        return False
    return container_of(file, profile.options()) in (files.ISO2709, files.MARCXML)


def _file(turns: list[Iterator[Any]]) -> Iterator[Event]:
    """The events of one file out of those of the processes that share it."""
    event = _from_plain(next(turns[0]))
    number = 0
    while not isinstance(event, Ended):
        yield event
        number += not isinstance(event, Begun)
        event = _from_plain(next(turns[number % len(turns)]))
    for turn, other in enumerate(turns):
        if turn != number % len(turns):
            next(other)
    yield event


KINDS: tuple[type[Any], ...] = (Arrived, Gone, Copies, SetAside)


def _as_plain(event: Event) -> tuple[Any, ...]:
    """An event as tuples that `marshal` writes."""
    if isinstance(event, list):
        return (0, [_piece_as_plain(piece) for piece in event])
    return (1 if isinstance(event, Begun) else 2, tuple(event))


def _piece_as_plain(piece: Piece) -> tuple[Any, ...]:
    if isinstance(piece, Arrived):
        return (0, (*piece[:-1], piece.made and tuple(piece.made)))
    if isinstance(piece, SetAside):
        return (3, astuple(piece))
    return (KINDS.index(type(piece)), tuple(piece))


def _from_plain(said: tuple[Any, ...]) -> Event:
    kind, what = said
    if kind == 0:
        return [_piece_from_plain(*piece) for piece in what]
    return Begun(*what) if kind == 1 else Ended(*what)


def _piece_from_plain(kind: int, said: tuple[Any, ...]) -> Piece:
    if kind == 0:
        return Arrived._make((*said[:-1], said[-1] and Made._make(said[-1])))
    piece: Piece = KINDS[kind](*said)
    return piece


@contextlib.contextmanager
def side_by_side(jobs: Sequence[Callable[[], Iterable[Any]]]) -> Iterator[list[Iterator[Any]]]:
    """Run jobs in processes of their own; gives for each the values that it makes, which must
    be such that `marshal` writes them. Raises ProcessFailed where one fails.

    The processes are forked: they have all that this one has, the lock too, and hash texts alike.
    """
    if compiled.available():
        import numba  # noqa: F401, PLC0415 - loaded once, before there are several
    fork = multiprocessing.get_context("fork")
    ends, children = list[Connection](), list[BaseProcess]()
    try:
        for job in jobs:
            mine, theirs = fork.Pipe(duplex=False)
            child: BaseProcess = fork.Process(
                target=_work, args=(os.getpid(), job, theirs, [*ends, mine]), daemon=True
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of threads: those of NumPy, which know of forks
                child.start()
            theirs.close()
            ends.append(mine)
            children.append(child)
        yield [_answers(end) for end in ends]
    finally:
        for end in ends:
            end.close()
        for child in children:
            child.join()


def shared_out(
    work: Callable[[Sequence[T]], list[Any]], items: Sequence[T], enough: int
) -> list[Any]:
    """What `work` makes of items, such that `marshal` writes it, in the order of the items: by
    several processes, each a stretch of them, from so many on that it is worth it."""
    count = processes()
    if count == 1 or len(items) < enough:
        return work(items)
    bounds = [len(items) * own // count for own in range(count + 1)]
    jobs = [
        functools.partial(_at_once, work, items[low:high])
        for low, high in itertools.pairwise(bounds)
    ]
    with side_by_side(jobs) as answers:
        return [one for answer in answers for made in answer for one in made]


def _at_once(work: Callable[[Sequence[T]], list[Any]], items: Sequence[T]) -> Iterator[list[Any]]:
    yield work(items)


def _work(
    parent: int, job: Callable[[], Iterable[Any]], out: Connection, others: list[Connection]
) -> None:
    """In a child: do the job and send what it makes."""
    end_with(parent)
    os.nice(BEHIND_READERS)
    for end in others:
        end.close()
    gc.disable()  # what is made here has no circles, and is gone as soon as it is sent
    try:
        for value in job():
            out.send_bytes(marshal.dumps((True, value)))
        out.send_bytes(marshal.dumps((False, "")))
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    except BaseException:  # noqa: BLE001 - told to the one who waits for it
        out.send_bytes(marshal.dumps((False, traceback.format_exc())))
    finally:
        out.close()
        os._exit(0)


def _answers(end: Connection) -> Iterator[Any]:
    while True:
        try:
            is_value, value = marshal.loads(end.recv_bytes())  # noqa: S302 - from our own child
        except EOFError as error:
            raise ProcessFailed("killed") from error
        if not is_value:
            if value:
                raise ProcessFailed(value)
            return
        yield value
