"""The figures of the pages as tables, beside what is wanted."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bench.pages_peers import Beside
from bench.pages_rate import Rate
from bench.pages_seen import Seen
from bench.run import machine
from bench.timing import figure

MOST_QUERIES = 20
LARGEST = 2.5
KILOBYTES = {"first page": 100, "results": 100, "entry": 60}
LEAST_RATES = {"made": 80, "kept": 400, "made, while an import runs": 80}
"""What is wanted; result pages a second."""

SLOW = "largest part, slow 3G, CPU ÷ 4"
PAGES = ("page", "KB", "requests", SLOW, "queries: people, catalogue", "wanted", "holds")
RATES = (
    "result pages", "a second", "half within", "95 % within", "server", "load generator", "wanted",
    "holds",
)  # fmt: skip
PEERS = (
    "who", "install", "MiB", "start → first page", "KB", "requests", SLOW,
    "axe: serious or critical",
)  # fmt: skip


class Looked(NamedTuple):
    seen: Seen
    people: int
    catalogue: int
    """Queries of people's database, and of the catalogue."""


class Measured(NamedTuple):
    pages: dict[str, Looked]
    rates: dict[str, Rate | str]
    """Or why there is none."""
    peers: dict[str, Beside | str]


def report(measured: Measured) -> str:
    tables = [
        table(PAGES, (_page(*one) for one in measured.pages.items())),
        table(RATES, (_rate(*one) for one in measured.rates.items())),
        table(PEERS, (_peer(*one) for one in measured.peers.items())),
    ]
    return "\n\n".join([*(tables if measured.peers else tables[:2]), machine()])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """In Markdown; a row that is too short is filled up."""
    full = (tuple(row) + ("",) * (len(heads) - len(row)) for row in rows)
    lines = [heads, ("---",) * len(heads), *full]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(name: str, one: Looked) -> Sequence[str]:
    return (
        name,
        *_weight(one.seen),
        f"{one.people}, {one.catalogue}",
        f"≤ {KILOBYTES[name]} KB, ≤ {LARGEST} s, ≤ {MOST_QUERIES}",
        _yes(is_light(name, one)),
    )


def is_light(name: str, one: Looked) -> bool:
    """It weighs, waits and asks no more than is wanted."""
    return (
        one.seen.bytes <= KILOBYTES[name] * 1000
        and one.seen.largest <= LARGEST
        and one.people + one.catalogue <= MOST_QUERIES
    )


def _weight(seen: Seen) -> tuple[str, str, str]:
    return figure(seen.bytes / 1000), str(seen.requests), f"{figure(seen.largest)} s"


def _rate(name: str, one: Rate | str) -> Sequence[str]:
    least = LEAST_RATES[name]
    if isinstance(one, str):
        return (name, f"not measured: {one}", "", "", "", "", f"≥ {least}", "no")
    return (
        name,
        figure(one.a_second),
        f"{figure(one.p50)} ms",
        f"{figure(one.p95)} ms",
        f"{one.server:.0%}",
        f"{one.generator:.0%}",
        f"≥ {least}",
        _yes(one.a_second >= least),
    )


def _peer(name: str, one: Beside | str) -> Sequence[str]:
    if isinstance(one, str):
        return (name, f"not measured: {one}")
    times = f"{figure(one.install)} s", str(one.room), f"{figure(one.start)} s"
    return (f"{name} {one.version}", *times, *_weight(one.seen), str(one.seen.grave))


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
