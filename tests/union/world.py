"""A small world in which much is alike: copies of one book that differ in all that can part two
records, histories of deliveries of them, and what must be left of a history in the end."""

import contextlib
import io
import itertools
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import strategies as st

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.match import block
from lianguan.engine.match.cluster import Pair, pair
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.read.files import SourceFile
from lianguan.engine.record import Record
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import build, rebuilding
from lianguan.engine.union.decisions import DECISIONS, OPEN
from tests.making import iso2709, source
from tests.union.hub import Hub, book

LIBRARIES = ("JN", "HB", "GC")
MEMORY = Path("/dev/shm")  # noqa: S108 - catalogues that are thrown away need no disk

TRAITS: dict[str, tuple[str, ...]] = {
    "title": ("平凡的世界", "平凡的世界（上）", "平凡的世界（下）", "世界"),
    "agent": ("路遥", "路遙", "王小满", ""),
    "publisher": ("人民文学出版社", "作家出版社", ""),
    "year": ("2004", "2005", "2012", ""),
    "isbn": ("9787020049295", "9787532742349", ""),
    "edition": ("", "第2版", "第3版", "影印本"),
    "series": ("", "茅盾文学奖作品", "中国当代小说"),
    "extent": ("300页", "3册", ""),
    "carrier": ("", "电子资源", "缩微品"),
    "language": ("chi", "tib", ""),
    "leader": ("am", "im", "as"),
}
"""What a copy may say, the usual first: volume, set, edition, series, carrier, content (text,
sound), level (book, serial) and language are what vetoes look at."""

Traits = Mapping[str, str]
"""What a copy says that is not usual."""


def _unusual(*names: str) -> st.SearchStrategy[Traits]:
    said = [(name, one) for name in names for one in TRAITS[name][1:]]
    return st.lists(st.sampled_from(said), max_size=3).map(dict)


traits = _unusual(*TRAITS)
crowd_traits = _unusual("agent", "publisher", "year", "isbn", "edition", "language")
"""Of copies that crowd under one title."""

FIELDS = {
    "isbn": "010   $a{}",
    "language": "101 0 $a{}",
    "edition": "205   $a{}",
    "extent": "215   $a{}",
    "series": "225 2 $a{}",
    "agent": "701  0$a{}$4著",
}
"""Fields that are there if the copy says something of it."""


def record(number: object, said: Traits, *, deleted: bool = False) -> bytes:
    """A CNMARC record; what is not said is usual."""
    its = {name: said.get(name, usual[0]) for name, usual in TRAITS.items()}
    medium = f"$b{its['carrier']}" if its["carrier"] else ""
    by = f"$f{its['agent']}著" if its["agent"] else ""
    lines = [f"001 {number}", f"100   $a20050101d{its['year']:4}    em y0chiy0110    ea"]
    lines.append(f"200 1 $a{its['title']}{medium}{by}")
    lines += [field.format(its[name]) for name, field in FIELDS.items() if its[name]]
    lines.append(f"210   $a北京$c{its['publisher']}$d{its['year']}")
    status = "d" if deleted else "n"
    leader = f"00000{status}{its['leader']}0 2200000   450 ".encode()
    return iso2709(source("\n".join(sorted(lines)), leader))


def features(said: Traits) -> Features:
    """What a copy is compared by."""
    data = record("1", said)
    reads = list(open_file(SourceFile("x.mrc", lambda: io.BytesIO(data))).reads)
    assert isinstance(reads[0].what, Record)
    return features_of(reads[0].what)


Key = tuple[str, str]
"""Library and number."""

keys = st.tuples(st.sampled_from(LIBRARIES), st.sampled_from("123"))
pairs = st.lists(keys, min_size=2, max_size=2, unique=True).map(
    lambda two: pair(*(f"{library}:{number}" for library, number in two))
)


class Step(NamedTuple):
    """Something that happens to a union."""

    kind: str
    """send · full · withdraw · decide"""
    library: str = ""
    records: Mapping[str, Traits | None] = {}
    """By number; None is a deletion."""
    which: int = 0
    """Of the deliveries that are there, the one to be taken back."""
    pair: Pair = ("", "")
    said: str = ""


def left_of(history: list[Step]) -> tuple[dict[Key, Traits], dict[Pair, str]]:
    """The records that a history leaves, and the decisions that hold in the end: worked out as a
    librarian would, with no catalogue."""
    there: list[Step] = []
    decided: dict[Pair, str] = {}
    for step in history:
        if step.kind == "decide":
            decided[step.pair] = step.said
        elif step.kind != "withdraw":
            there.append(step)
        elif there:
            there.pop(step.which % len(there))
    return _records_of(there), {two: said for two, said in decided.items() if said != OPEN}


def _records_of(deliveries: list[Step]) -> dict[Key, Traits]:
    """What deliveries come to, one after the other."""
    left: dict[Key, Traits] = {}
    for step in deliveries:
        is_whole = any(said is not None for said in step.records.values())
        if step.kind == "full" and is_whole:  # one of deletions alone is no list of what there is
            left = {key: said for key, said in left.items() if key[0] != step.library}
        for number, said in step.records.items():
            left.pop((step.library, number), None)
            if said is not None:
                left[step.library, number] = said
    return left


@contextlib.contextmanager
def a_hub(*, is_searched: bool = False) -> Iterator[Hub]:
    """A union in memory, without an index unless it `is_searched`."""
    place = MEMORY if MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patched,
    ):
        if not is_searched:
            for module in (build, rebuilding):
                patched.setattr(module, "bring_up", _left_empty)
        yield Hub(Path(folder))


def _left_empty(folder: Path, *_: object) -> None:
    """An index that is there and has nothing."""
    if not (folder / "index").exists():
        SearchIndex.new(folder / "index")


@contextlib.contextmanager
def crowded_above(cap: int) -> Iterator[None]:
    """Blocks are crowded above `cap`."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(block, "CAP", cap)
        yield


def happen(hub: Hub, history: list[Step]) -> None:
    """Let it happen."""
    loads: list[Any] = []
    for step in history:
        if step.kind == "decide":
            hub.decide(*step.pair, step.said)
        elif step.kind != "withdraw":
            loads.append(deliver(hub, step.library, step.records, is_full=step.kind == "full"))
        elif loads:
            hub.withdraw(loads.pop(step.which % len(loads)))


def deliver(
    hub: Hub, library: str, records: Mapping[str, Traits | None], *, is_full: bool = False
) -> Any:
    data = (record(number, said or {}, deleted=said is None) for number, said in records.items())
    return hub.send(library, b"".join(data), is_full=is_full, may_delete=True)


class Stand(NamedTuple):
    """How the records of a union stand to one another."""

    entries: dict[str, str]
    """Record → entry."""
    works: dict[str, int]
    doubts: set[frozenset[str]]


def stand_of(hub: Hub) -> Stand:
    return Stand(hub.entries(), hub.works(), hub.doubts())


def clusters_of(hub: Hub) -> Stand:
    """How records stand when a last delivery has done what waited."""
    hub.send("XX", book("x", title="别的书"))
    return stand_of(hub)


def built_at_once(left: Mapping[Key, Traits], decided: Mapping[Pair, str]) -> Stand:
    """How records stand in a union that has never had anything but these, all of them received
    before one rebuild."""
    with a_hub() as hub:
        for two, said in decided.items():
            hub.sources().decide(*two, said)
        for library in sorted({library for library, _ in left}):
            hub.receive(
                library, *(record(n, said) for (of, n), said in left.items() if of == library)
            )
        hub.receive("XX", book("x", title="别的书"))
        hub.rebuild()
        return stand_of(hub)


palettes = st.lists(traits, min_size=2, max_size=4)
"""What the copies of one trial say: few things, so that many say the same."""

decided = st.dictionaries(pairs, st.sampled_from(DECISIONS[:3]), max_size=3)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Deliveries with deletions in them, full ones, withdrawals, decisions and their taking
    back."""
    kinds = ("send",) * 4 + ("full", "withdraw", "decide", "decide")
    palette = draw(palettes)
    said = st.sampled_from((*palette, None))
    records = st.dictionaries(st.sampled_from("123"), said, min_size=1, max_size=4)
    steps = st.sampled_from(kinds).flatmap(lambda kind: _steps(kind, records))
    return draw(st.lists(steps, min_size=2, max_size=9))


def _steps(
    kind: str, records: st.SearchStrategy[dict[str, Traits | None]]
) -> st.SearchStrategy[Step]:
    if kind == "withdraw":
        return st.builds(Step, st.just(kind), which=st.integers(0, 8))
    if kind == "decide":
        return st.builds(Step, st.just(kind), pair=pairs, said=st.sampled_from(DECISIONS))
    return st.builds(Step, st.just(kind), st.sampled_from(LIBRARIES), records)


Arrangement = list[list[Step]]
"""Steps in an order, cut into pieces."""


@st.composite
def arrangements(draw: st.DrawFn) -> tuple[dict[Key, Traits], dict[Pair, str], list[Arrangement]]:
    """(records, decisions, several orders of both, each cut in several ways)."""
    palette, said = draw(palettes), draw(decided)
    records = draw(st.dictionaries(keys, st.sampled_from(palette), min_size=2, max_size=9))
    steps = [Step("send", library, {n: its}) for (library, n), its in records.items()]
    steps += [Step("decide", pair=two, said=one) for two, one in said.items()]
    orders = [draw(st.permutations(steps)) for _ in range(2)]
    cuts = st.sets(st.integers(1, len(steps) - 1))
    return records, said, [_cut(order, draw(cuts)) for order in orders for _ in range(2)]


def _cut(steps: list[Step], cuts: set[int]) -> Arrangement:
    bounds = sorted({0, len(steps), *cuts})
    return [steps[a:b] for a, b in itertools.pairwise(bounds)]


def in_deliveries(arrangement: Arrangement) -> list[Step]:
    """Of each piece the decisions, and one delivery of each member in it."""
    found: list[Step] = []
    for piece in arrangement:
        found += [step for step in piece if step.kind == "decide"]
        sent: dict[str, dict[str, Traits | None]] = {}
        for step in piece:
            if step.kind == "send":
                sent.setdefault(step.library, {}).update(step.records)
        found += [Step("send", library, records) for library, records in sent.items()]
    return found


@st.composite
def crowds(draw: st.DrawFn, caps: st.SearchStrategy[int]) -> tuple[int, list[list[Step]]]:
    """(the most that may share a key, waves of steps): copies under one title come until there are
    more, then go until there are fewer, then come again."""
    cap = draw(caps)
    palette = draw(st.lists(crowd_traits, min_size=2, max_size=6))
    waves = []
    there: dict[Key, Traits] = {}
    for _ in range(draw(st.integers(1, 2))):
        count = cap + draw(st.integers(1, 6))
        coming = {(LIBRARIES[i % 3], str(i)): draw(st.sampled_from(palette)) for i in range(count)}
        waves.append(_coming(coming, draw(st.integers(1, 3))))
        there |= coming
        kept = set(draw(st.lists(st.sampled_from(sorted(there)), max_size=cap, unique=True)))
        waves.append(_going(there, kept, by_full=draw(st.booleans())))
        there = {key: said for key, said in there.items() if key in kept}
    return cap, waves


def _coming(there: Mapping[Key, Traits], parts: int) -> list[Step]:
    """Deliveries of all members, each in so many parts."""
    size = -(-len(there) // parts)
    some = [dict(list(there.items())[first : first + size]) for first in range(0, len(there), size)]
    return [
        Step("send", library, records)
        for part in some
        for library in LIBRARIES
        if (records := {number: said for (of, number), said in part.items() if of == library})
    ]


def _going(there: Mapping[Key, Traits], kept: set[Key], *, by_full: bool) -> list[Step]:
    """Deletions of all but what is kept; by a full delivery where something is kept."""
    steps = []
    for library in LIBRARIES:
        own = {key: said for key, said in there.items() if key[0] == library}
        stays: dict[str, Traits | None] = {n: own[of, n] for of, n in own if (of, n) in kept}
        goes: dict[str, Traits | None] = {n: None for of, n in own if (of, n) not in kept}
        is_full = by_full and bool(stays)
        if stays or goes:
            steps.append(Step("full" if is_full else "send", library, stays if is_full else goes))
    return [step for step in steps if step.records]
