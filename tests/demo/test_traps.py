"""Every trap of the domain has a pair of records in the demonstration, and its decision."""

import csv
from collections import defaultdict
from functools import cache
from typing import NamedTuple

import pytest

from demo.facts import HERE
from lianguan.engine.match.decide import ASK, DIFFERENT, SAME, decide
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.match.levels import Facts
from tests.demo.members import records

NAMED = frozenset(
    "isbn_10_and_13 one_isbn_several_titles set_and_volumes series_as_title editions printings "
    "bindings reproductions_and_scripts other_translators same_generic_title yearbooks no_isbn "
    "tibetan_and_chinese_title misprinted_isbn".split()
)
"""The rows of the domain's table of traps."""

SAME_WORK = "same_work"
"""Different editions that stand together as one work."""


class Trap(NamedTuple):
    trap: str
    left: str
    right: str
    expected: str
    search: str
    says: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.left, self.right


def traps() -> list[Trap]:
    with (HERE / "traps.csv").open(encoding="utf-8", newline="") as file:
        return [Trap(**row) for row in csv.DictReader(file)]


def called(trap: Trap) -> str:
    return " ".join((trap.trap, *(name.rpartition(":")[2] for name in trap.pair)))


@cache
def features() -> dict[str, Features]:
    return {name: features_of(record) for name, record in records().items()}


@cache
def corpus() -> Facts:
    """The ISBNs that carry several titles in the three members."""
    titles: dict[str, list[set[str]]] = defaultdict(list)
    for one in features().values():
        for isbn in one.isbns:
            titles[isbn].append(set(one.titles))
    shared = (i for i, sets in titles.items() if any(a.isdisjoint(b) for a in sets for b in sets))
    return Facts(frozenset(shared))


def decision(trap: Trap) -> str:
    left, right = (features()[name] for name in trap.pair)
    found = decide(left, right, corpus()).decision
    is_one_work = found == DIFFERENT and bool(left.work) and left.work == right.work
    return SAME_WORK if is_one_work and trap.expected == SAME_WORK else found


def test_every_trap_of_the_domain_has_a_pair() -> None:
    assert {trap.trap for trap in traps()} >= NAMED
    assert {trap.expected for trap in traps()} == {SAME, DIFFERENT, ASK, SAME_WORK}


def test_the_readme_lists_every_pair_with_its_decision() -> None:
    readme = (HERE / "README.md").read_text("utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("|")]
    for trap in traps():
        assert any(all(f"`{word}`" in row for word in trap[:4]) for row in rows), trap


@pytest.mark.parametrize("trap", traps(), ids=called)
def test_a_trap_gets_the_decision_that_a_librarian_expects(trap: Trap) -> None:
    assert decision(trap) == trap.expected
