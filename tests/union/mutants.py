"""Faults put into the engine on purpose, each of which leaves out something on which it rests that
no order leaves a trace. A test that cannot find them proves nothing."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from lianguan.engine.match.cluster import Edge, Pair, clusters, pair
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers, components
from lianguan.engine.union import resolve
from lianguan.engine.union.candidates import Candidates
from lianguan.engine.union.edges import Edges
from lianguan.engine.union.resolve import Resolver, Settled
from lianguan.engine.union.row_numbers import are_among, places_of

Mutant = Callable[[], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def none() -> Iterator[None]:
    """The engine as it is."""
    yield


def _with(owner: Any, name: str, made: Callable[[Any], Any]) -> Mutant:
    """A mutant whose `name` is made of the sound one."""

    @contextlib.contextmanager
    def mutant() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(owner, name, made(getattr(owner, name)))
            yield

    return mutant


def _only_after(whole: Any) -> Any:
    """Solve what hangs together with what changed now, not what did before."""

    def assigned(self: Resolver, affected: Numbers, edges: Numbers, named: set[int]) -> Settled:
        within = edges[are_among(edges[:, :2], affected).all(axis=1)]
        labels = components(len(affected), places_of(affected, within[:, :2]))
        is_changed = are_among(
            affected, np.r_[self.compared.dirty, np.array(list(named), np.int64)]
        )
        is_after = are_among(labels, labels[is_changed])
        return whole(self, affected[is_after], edges, named)  # type: ignore[no-any-return]

    return assigned


def _only_before(whole: Any) -> Any:
    """Solve what hung together with what changed, and not what it hangs together with now."""

    def component(self: Edges, seeds: Numbers, drawn: Numbers) -> tuple[Numbers, Numbers]:
        found, edges = whole(self, seeds, drawn)
        is_second = hasattr(self, "asked")
        self.asked = True  # type: ignore[attr-defined]
        return (found[:0] if is_second else found), edges

    return component


def _no_flips(whole: Any) -> Any:
    """An ISBN that becomes shared, or ceases to be, touches nobody."""

    def share(self: Candidates) -> Numbers:
        return whole(self)[:0]  # type: ignore[no-any-return]

    return share


def _nothing(whole: Any) -> Any:
    def answer(self: Resolver) -> Numbers:
        return whole(self)[:0]  # type: ignore[no-any-return]

    return answer


def _decided_unseen(whole: Any) -> Any:
    """What a person decided counts when its records are touched the next time."""

    def solved(self: Resolver, decided: object = ()) -> Settled:
        return whole(self)  # type: ignore[no-any-return]

    return solved


def _crowds_skipped(whole: Any) -> Any:
    """In a crowded block nothing is compared."""

    def refined(self: Candidates, rows: Numbers) -> Numbers:
        return whole(self, rows)[:0]  # type: ignore[no-any-return]

    return refined


def _added_to(whole: Any) -> Any:
    """What was to be asked about once is for ever."""

    def drawn_anew(self: Edges, changed: Numbers, fresh: Numbers) -> None:
        whole(self, changed[:0], fresh)

    return drawn_anew


def _by_arrival(whole: Any) -> Any:
    """Edges are taken in the order in which their records came."""

    def solved(
        features: Mapping[str, Features], edges: Iterable[Edge], decided: Mapping[Pair, str]
    ) -> list[list[str]]:
        number = {key: f"{i:06}" for i, key in enumerate(features)}
        key = {said: one for one, said in number.items()}
        renamed = [Edge(one.rank, *pair(number[one.a], number[one.b])) for one in edges]
        known = {
            two: said for two, said in decided.items() if two[0] in number and two[1] in number
        }
        said = {pair(number[a], number[b]): one for (a, b), one in known.items()}
        found = clusters({number[one]: its for one, its in features.items()}, renamed, said)
        return [[key[one] for one in cluster] for cluster in found]

    return solved


MUTANTS: dict[str, Mutant] = {
    "only what hangs together after": _with(Resolver, "_assigned", _only_after),
    "only what hung together before": _with(Edges, "component", _only_before),
    "ISBNs that flip touch nobody": _with(Candidates, "_share", _no_flips),
    "what a record leaves behind is forgotten": _with(Resolver, "_left_behind", _nothing),
    "a decision touches nobody": _with(Resolver, "resolve", _decided_unseen),
    "crowded blocks are skipped": _with(Candidates, "_refined", _crowds_skipped),
    "doubts are only added to": _with(Edges, "draw_anew", _added_to),
    "edges in the order of arrival": _with(resolve, "clusters", _by_arrival),
}
