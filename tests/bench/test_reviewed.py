"""What is said of a queue that was worked through is what was answered."""

from bench.labelled_set import rows
from bench.reviewed import ANSWERS, KEYS, Answered, report


def test_what_was_answered_is_counted_and_set_beside_the_labels() -> None:
    answered = [
        Answered(("a", "b"), "same", 0.1, 300),
        Answered(("a", "c"), "work", 0.3, 500),
        Answered(("b", "d"), "later", 0.2, 400),
    ]
    said = report(answered, "235", {("a", "b"): True, ("a", "c"): True, ("b", "d"): True})
    assert "| pairs that waited | 235 |" in said
    assert "| answers | same 1, work 1, different 0, later 1 |" in said
    assert "(same) | 2 |" in said
    assert "agree with it | 2, 1 |" in said
    assert "0.20 [0.10–0.30]" in said


def test_each_pair_has_one_answer_for_which_there_is_a_key() -> None:
    said = rows(ANSWERS)
    assert len({(one["left"], one["right"]) for one in said}) == len(said) == 50
    assert all(one["left"] < one["right"] and one["said"] in KEYS for one in said)
