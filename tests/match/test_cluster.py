"""Clusters are a function of records and decisions: in whatever order they come, and never
against a veto or a person."""

from itertools import combinations
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.match.cluster import Edge, Pair, RecordKey, clusters, components, pair
from lianguan.engine.match.decide import DIFFERENT, SAME, vetoes_of
from lianguan.engine.match.features import Features

FIRST = Features(titles=("红楼梦",), parts=("1",))
SECOND = FIRST._replace(parts=("2",))
UNSAID = FIRST._replace(parts=())
KINDS = (
    FIRST,
    SECOND,
    UNSAID,
    UNSAID._replace(volumes=3),
    UNSAID._replace(carrier="electronic"),
    UNSAID._replace(edition="2", year=1982),
    UNSAID._replace(edition="3", year=2008),
)


class World(NamedTuple):
    features: dict[RecordKey, Features]
    edges: list[Edge]
    decisions: dict[Pair, str]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=7))
    features = {f"L{i % 3}:{i}": kind for i, kind in enumerate(kinds)}
    two = st.sampled_from([pair(a, b) for a, b in combinations(features, 2)])
    edges = draw(st.lists(st.tuples(st.integers(0, 3), two), max_size=10))
    decisions = draw(st.dictionaries(two, st.sampled_from([SAME, DIFFERENT]), max_size=4))
    drawn = [Edge(rank, *ends) for rank, ends in edges]
    return World(features, drawn, decisions)


def together(found: list[list[RecordKey]]) -> set[Pair]:
    return {pair(a, b) for one in found for a, b in combinations(one, 2)}


@settings(max_examples=400)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_records_edges_and_decisions_come_changes_nothing(
    world: World, random: Random
) -> None:
    keys, edges, decided = list(world.features), world.edges * 2, list(world.decisions.items())
    for one in (keys, edges, decided):
        random.shuffle(one)
    shuffled = {key: world.features[key] for key in keys}
    assert clusters(shuffled, edges, dict(decided)) == clusters(*world)


@settings(max_examples=400)
@given(worlds())
def test_no_cluster_holds_a_vetoed_pair_unless_a_person_said_same_of_that_very_pair(
    world: World,
) -> None:
    for a, b in together(clusters(*world)):
        if vetoes_of(world.features[a], world.features[b]):
            assert world.decisions.get((a, b)) == SAME


@settings(max_examples=400)
@given(worlds())
def test_what_a_person_called_different_is_never_together(world: World) -> None:
    apart = {two for two, verdict in world.decisions.items() if verdict == DIFFERENT}
    assert not together(clusters(*world)) & apart


@settings(max_examples=400)
@given(worlds())
def test_every_record_is_in_one_cluster_and_clusters_lie_inside_components(world: World) -> None:
    found = clusters(*world)
    assert sorted(key for one in found for key in one) == sorted(world.features)
    drawn = [Edge(-1, *two) for two, verdict in world.decisions.items() if verdict == SAME]
    whole = components(world.features, [*world.edges, *drawn])
    assert all(any(set(one) <= set(other) for other in whole) for one in found)


@settings(max_examples=300)
@given(worlds())
def test_a_component_is_solved_alike_alone_and_with_all_others(world: World) -> None:
    drawn = [Edge(-1, *two) for two, verdict in world.decisions.items() if verdict == SAME]
    alone = [
        cluster
        for keys in components(world.features, [*world.edges, *drawn])
        for cluster in clusters(
            {key: world.features[key] for key in keys}, world.edges, world.decisions
        )
    ]
    assert sorted(alone) == clusters(*world)


def test_the_surer_edge_decides_which_volume_an_unnumbered_record_goes_with() -> None:
    features = {"A:1": FIRST, "B:1": UNSAID, "C:1": SECOND}
    edges = [Edge(2, "A:1", "B:1"), Edge(0, "B:1", "C:1")]
    assert clusters(features, edges) == [["A:1"], ["B:1", "C:1"]]


def test_of_two_equally_sure_edges_that_of_the_smaller_keys_goes_first() -> None:
    features = {"A:1": FIRST, "B:1": UNSAID, "C:1": SECOND}
    edges = [Edge(1, "B:1", "C:1"), Edge(1, "A:1", "B:1")]
    assert clusters(features, edges) == [["A:1", "B:1"], ["C:1"]]


def test_a_person_joins_two_records_that_no_rule_joined() -> None:
    features = {"A:1": UNSAID, "B:1": UNSAID}
    assert clusters(features, [], {pair("B:1", "A:1"): SAME}) == [["A:1", "B:1"]]


def test_a_person_joins_two_volumes_but_not_a_third_that_is_neither() -> None:
    third = FIRST._replace(parts=("3",))
    features = {"A:1": FIRST, "B:1": SECOND, "C:1": third}
    edges = [Edge(0, "A:1", "C:1"), Edge(0, "B:1", "C:1")]
    assert clusters(features, edges, {("A:1", "B:1"): SAME}) == [["A:1", "B:1"], ["C:1"]]


def test_a_person_parts_two_records_that_a_number_joins() -> None:
    features = {"A:1": UNSAID, "B:1": UNSAID, "C:1": UNSAID}
    edges = [Edge(0, "A:1", "B:1"), Edge(0, "B:1", "C:1"), Edge(0, "A:1", "C:1")]
    assert clusters(features, edges, {("A:1", "C:1"): DIFFERENT}) == [["A:1", "B:1"], ["C:1"]]


def test_an_edge_or_a_decision_on_an_absent_record_sleeps() -> None:
    features = {"A:1": UNSAID}
    assert clusters(features, [Edge(0, "A:1", "B:1")], {("A:1", "B:1"): SAME}) == [["A:1"]]
