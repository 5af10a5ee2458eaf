"""A batch of records is scored at once: as each pair would be alone, in one process or in two."""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.match import block
from lianguan.engine.match.block import coarse_keys
from lianguan.engine.match.decide import DIFFERENT, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts
from lianguan.engine.match.score import (
    DECISIONS,
    Batch,
    Blocks,
    Scored,
    blocks,
    joined,
    score,
    shared_isbns,
)
from tests.match.features import FEATURES

MANY = st.lists(FEATURES, min_size=2, max_size=12)


def batch_of(features: list[Features]) -> Batch:
    return Batch(features, shared_isbns(features))


def alone(features: list[Features], a: int, b: int) -> tuple[int, int, int, int] | None:
    """What `decide` says of one pair."""
    said = decide(features[a], features[b], Facts(shared_isbns(features)))
    if said.decision == DIFFERENT:
        return None
    return a, b, DECISIONS.index(said.decision), said.rank


def share_a_key(a: Features, b: Features) -> bool:
    return not set(coarse_keys(a)).isdisjoint(coarse_keys(b))


@settings(max_examples=300)
@given(MANY)
def test_a_batch_says_of_each_pair_what_the_pair_says_alone(features: list[Features]) -> None:
    expected = [
        said
        for a, b in combinations(range(len(features)), 2)
        if share_a_key(features[a], features[b]) and (said := alone(features, a, b))
    ]
    assert score(batch_of(features), blocks(features)).tolist() == [list(one) for one in expected]


@settings(max_examples=100)
@given(MANY, st.integers(1, 5))
def test_blocks_that_are_split_give_together_what_they_give_whole(
    features: list[Features], count: int
) -> None:
    batch, whole = batch_of(features), blocks(features)
    parts = list(whole.split(count))
    assert len(parts) == count
    assert sum(len(one.members) for one in parts) == len(whole.members)
    given_together = joined(score(batch, one) for one in parts)
    assert given_together.tobytes() == score(batch, whole).tobytes()


def test_a_crowded_block_is_refined_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [
        Features(titles=("论语",), agents=("孔子",), publisher=f"书坊{n % 30}", year=1900 + n // 2, pages=90 + n)
        for n in range(200)
    ]  # fmt: skip
    refined = score(batch_of(crowd), blocks(crowd))
    compared = [len(one) for one in np.split(blocks(crowd).members, blocks(crowd).bounds[1:-1])]
    assert max(compared) <= block.CAP
    monkeypatch.setattr(block, "CAP", 1000)
    whole = score(batch_of(crowd), blocks(crowd))
    same = whole[whole[:, 2] == 0]
    assert len(same) > 0
    assert refined[refined[:, 2] == 0].tolist() == same.tolist()


def test_only_pairs_of_which_one_asks_are_looked_at() -> None:
    three = [Features(titles=("青海湖志",), agents=("张三",), publisher="青海人民", year=2016)] * 3
    asking = np.array([True, False, False])
    found = score(batch_of(three), blocks(three), asking)
    assert found[:, :2].tolist() == [[0, 1], [0, 2]]


SOME = [
    Features(
        titles=(f"青海湖志{n % 40}",),
        agents=("张三", f"李{n % 7}"),
        publisher="青海人民" if n % 3 else "",
        year=2010 + n % 2,
        pages=100 + n % 5,
        isbns=(f"97872250000{n % 50:02}",),
    )
    for n in range(400)
]


def part(one: Blocks) -> Scored:
    return score(batch_of(SOME), one)


def test_two_processes_with_half_the_blocks_each_give_the_same_bytes() -> None:
    """They share nothing but the records: each hashes texts in its own way."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(part, blocks(SOME).split(2)))
    assert all(len(one) for one in parts)
    assert joined(parts).tobytes() == score(batch_of(SOME), blocks(SOME)).tobytes()


def test_matching_needs_no_django() -> None:
    program = (
        "import sys, lianguan.engine.match.score, lianguan.engine.union.pairs;"
        "sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_share_no_key_is_not_compared() -> None:
    two = [Features(titles=("人生",)), Features(titles=("平凡的世界",))]
    assert len(score(batch_of(two), blocks(two))) == 0
