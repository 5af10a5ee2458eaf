"""Whatever the order in which things came, however they were parted into deliveries, whatever was
there for a time: clusters, works and doubts are those of one build of what is there in the end."""

import functools
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianguan.engine.match.block import CAP
from lianguan.engine.match.cluster import Pair
from lianguan.engine.match.decide import VETOES, vetoes_of
from lianguan.engine.match.features import Features
from tests.union import mutants, world
from tests.union.mutants import Mutant
from tests.union.world import Arrangement, Key, Stand, Step, Traits

few = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=2000)
caps = st.sampled_from((1, 2, 3, CAP))

Drawn = tuple[dict[Key, Traits], dict[Pair, str], list[Arrangement]]


def orders_hold(drawn: Drawn, cap: int, mutant: Mutant = mutants.none) -> None:
    """Several orders of some records and decisions, each cut into deliveries in several ways,
    all give what one rebuild gives."""
    records, decided, arrangements = drawn
    with world.crowded_above(cap):
        whole = world.built_at_once(records, decided)
        for arrangement in arrangements:
            history = world.in_deliveries(arrangement)
            assert came_to(history, mutant) == whole, history


def came_to(history: list[Step], mutant: Mutant) -> Stand:
    with world.a_hub() as hub, mutant():
        world.happen(hub, history)
        return world.clusters_of(hub)


def history_holds(history: list[Step], cap: int, mutant: Mutant = mutants.none) -> None:
    """What is left of a history stands together as if it had always been alone there."""
    with world.crowded_above(cap):
        assert came_to(history, mutant) == world.built_at_once(*world.left_of(history))


@few
@given(world.arrangements(), caps)
def test_any_order_and_any_split_gives_the_clusters_of_one_rebuild(drawn: Drawn, cap: int) -> None:
    orders_hold(drawn, cap)


@pytest.mark.long
@many
@given(world.arrangements(), caps)
def test_two_thousand_times_four_orders_and_splits(drawn: Drawn, cap: int) -> None:
    orders_hold(drawn, cap)


@few
@given(world.histories(), caps)
def test_what_was_deleted_or_taken_back_leaves_no_trace_in_the_clusters(
    history: list[Step], cap: int
) -> None:
    history_holds(history, cap)


@pytest.mark.long
@many
@given(world.histories(), caps)
def test_two_thousand_histories_leave_no_trace_in_the_clusters(
    history: list[Step], cap: int
) -> None:
    history_holds(history, cap)


def crowd_holds(drawn: tuple[int, list[list[Step]]]) -> None:
    """Whenever the crowd has come or gone the clusters are those of what is there then."""
    cap, waves = drawn
    history: list[Step] = []
    with world.crowded_above(cap), world.a_hub() as hub:
        for number, wave in enumerate(waves):
            history += wave
            world.happen(hub, wave)
            left, decided = world.left_of(history)
            assert (len(left) > cap) == (number % 2 == 0), "the cap is crossed up, then down"
            assert world.clusters_of(hub) == world.built_at_once(left, decided)


@few
@given(world.crowds(st.integers(1, 4)))
def test_a_crowd_that_comes_and_goes_is_matched_as_ever(
    drawn: tuple[int, list[list[Step]]],
) -> None:
    crowd_holds(drawn)


@settings(few, max_examples=4)
@given(world.crowds(st.just(CAP)))
def test_a_crowd_at_the_real_cap_is_matched_as_ever(drawn: tuple[int, list[list[Step]]]) -> None:
    crowd_holds(drawn)


@pytest.mark.long
@many
@given(world.crowds(st.integers(1, 4)))
def test_two_thousand_crowds_that_come_and_go(drawn: tuple[int, list[list[Step]]]) -> None:
    crowd_holds(drawn)


@pytest.mark.long
@many
@given(world.crowds(st.just(CAP)))
def test_two_thousand_crowds_at_the_real_cap(drawn: tuple[int, list[list[Step]]]) -> None:
    crowd_holds(drawn)


@functools.cache
def copies() -> list[Features]:
    """Copies that differ from the usual in two things at most."""
    said = [(name, one) for name, those in world.TRAITS.items() for one in those]
    return [world.features(dict(two)) for two in itertools.combinations(said, 2)]


@pytest.mark.parametrize("veto", VETOES)
def test_in_this_world_every_veto_is_met(veto: str) -> None:
    """Else nothing would be tried of it."""
    assert any(veto in vetoes_of(*two) for two in itertools.combinations(copies(), 2))
