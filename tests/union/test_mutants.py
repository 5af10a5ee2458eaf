"""The trials of orders and histories find faults: each of the things on which they rest is left
out on purpose, and the same trials must fall."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.union import world
from tests.union.mutants import MUTANTS, Mutant
from tests.union.test_any_order import caps, history_holds, orders_hold

pytestmark = pytest.mark.long

BY_ORDERS = (
    "only what hung together before",
    "ISBNs that flip touch nobody",
    "a decision touches nobody",
    "crowded blocks are skipped",
    "edges in the order of arrival",
)
BY_HISTORIES = (
    "only what hangs together after",
    "only what hung together before",
    "what a record leaves behind is forgotten",
    "a decision touches nobody",
    "crowded blocks are skipped",
    "doubts are only added to",
)
"""What is forgotten only if something goes can only be found where something goes."""

Trial = Callable[[Any, int, Mutant], None]

bounded = settings(
    max_examples=1000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def falls(drawn: st.SearchStrategy[Any], trial: Trial, mutant: Mutant) -> bool:
    """A bounded number of examples has one in which the trial does not hold."""

    @bounded
    @given(drawn, caps)
    def of_a_mutant(one: Any, cap: int) -> None:
        trial(one, cap, mutant)

    try:
        of_a_mutant()
    except (AssertionError, KeyError):  # the engine may stumble over what was left out
        return True
    return False


@pytest.mark.parametrize("name", BY_HISTORIES)
def test_a_history_finds_what_was_left_out(name: str) -> None:
    assert falls(world.histories(), history_holds, MUTANTS[name])


@pytest.mark.parametrize("name", BY_ORDERS)
def test_orders_find_what_was_left_out(name: str) -> None:
    assert falls(world.arrangements(), orders_hold, MUTANTS[name])


def test_every_mutant_is_found() -> None:
    assert {*BY_ORDERS, *BY_HISTORIES} == set(MUTANTS)
