"""All records of a set as one load: compared where they share one of our keys, decided, put into
clusters; and the same once more after a person has answered what was asked."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bench.blocks import Two, candidates
from bench.judge import labels_of
from lianguan.engine.match.cluster import Edge, clusters
from lianguan.engine.match.decide import ASK, DIFFERENT, SAME, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts

Truth = Callable[[str, str], bool | None]
"""Whether two records are the same; None where the labels do not say."""


class Loaded(NamedTuple):
    compared: int
    edges: list[Edge]
    asked: list[Two]
    found: dict[str, str]
    """Record → the first of its cluster."""


def loaded(features: Mapping[str, Features]) -> Loaded:
    wanted = candidates(features)
    edges, asked = [], []
    for a, b in wanted:
        verdict = decide(features[a], features[b], Facts())
        if verdict.decision == SAME:
            edges.append(Edge(verdict.rank, a, b))
        elif verdict.decision == ASK:
            asked.append((a, b))
    return Loaded(len(wanted), edges, sorted(asked), labels_of(clusters(features, edges)))


def answered(features: Mapping[str, Features], load: Loaded, truth: Truth) -> dict[str, str]:
    """The clusters after a person has said of each pair asked what the labels say; of the others
    nothing."""
    said = {two: truth(*two) for two in load.asked if load.found[two[0]] != load.found[two[1]]}
    decisions = {two: SAME if same else DIFFERENT for two, same in said.items() if same is not None}
    return labels_of(clusters(features, load.edges, decisions))
