"""The judges of match quality, on examples small enough to be worked out by hand."""

import pytest

from bench.judge import (
    Score,
    b_cubed,
    labels_of,
    pairwise,
    pairwise_across,
    scored,
    share,
    wilson,
)

TRUTH = {"a": "one", "b": "one", "c": "one", "d": "two", "e": "two", "f": "three"}
FOUND = labels_of([["a", "b"], ["c", "d"], ["e"], ["f"]])


def test_half_of_ten_may_be_a_quarter_or_three_quarters() -> None:
    low, high = wilson(5, 10)
    assert (round(low, 4), round(high, 4)) == (0.2366, 0.7634)


def test_no_wrong_one_in_ten_is_no_promise_that_there_is_none() -> None:
    low, high = wilson(10, 10)
    assert round(low, 4) == 0.7225
    assert high == 1
    assert wilson(0, 0) == (0, 1)


def test_a_share_of_nothing_is_not_a_figure() -> None:
    assert share(0, 0) == "–"
    assert share(1, 2).startswith("0.5000 [0.095–")


def test_a_pair_that_was_not_found_is_missed_and_one_rightly_left_apart_counts_nowhere() -> None:
    score = scored([(True, True), (True, True), (True, False), (False, True), (False, False)])
    assert score == Score(2, 1, 1)
    assert score.f1 == pytest.approx(4 / 6)
    assert Score(0, 0, 3).cells()[0] == "–"


def test_of_four_true_pairs_one_is_found_and_one_that_is_none() -> None:
    """ab is right, cd is wrong; ac, bc and de are missed."""
    assert pairwise(FOUND, TRUTH) == Score(1, 1, 3)


def test_b_cubed_asks_each_record_about_its_company() -> None:
    """Precision: a 1, b 1, c ½, d ½, e 1, f 1. Recall: a ⅔, b ⅔, c ⅓, d ½, e ½, f 1."""
    found = b_cubed(FOUND, TRUTH)
    assert found.precision == pytest.approx(5 / 6)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2 + 1) / 6)
    assert found.records == 6


def test_everything_in_one_heap_has_all_recall_and_little_precision() -> None:
    heap = dict.fromkeys(TRUTH, "heap")
    assert pairwise(heap, TRUTH) == Score(4, 11, 0)
    assert b_cubed(heap, TRUTH).recall == 1
    assert b_cubed(heap, TRUTH).precision == pytest.approx((9 + 4 + 1) / 36)


def test_records_without_a_label_are_not_judged() -> None:
    assert pairwise({**FOUND, "g": "a"}, TRUTH) == Score(1, 1, 3)
    assert b_cubed({"g": "a"}, TRUTH).records == 0


def test_across_two_sources_pairs_within_one_do_not_count() -> None:
    truth = {"x:1": "w", "x:2": "w", "y:1": "w", "y:2": "v"}
    found = {"x:1": "1", "x:2": "1", "y:1": "1", "y:2": "1"}
    assert pairwise_across(found, truth) == Score(2, 2, 0)
