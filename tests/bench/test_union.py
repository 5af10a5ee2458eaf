"""What the bench of the union makes of its figures."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bench import union_one, union_sizes, union_work
from bench.stages import Stages
from bench.union_sizes import Sized
from lianguan.engine.union.sources import Sources
from tests.union.hub import book

SIZES = (100_000, 300_000, 1_000_000, 3_000_000)


def sized(times: dict[int, float]) -> list[Sized]:
    return [Sized(n, seconds, 2 * seconds, 100, 1 << 20) for n, seconds in times.items()]


def test_times_on_a_line_have_that_line_and_one_cost_of_a_record() -> None:
    times = [3 + 90e-6 * n for n in SIZES]
    a, b = union_sizes.line(SIZES, times)
    assert [a, b] == pytest.approx([3, 90e-6])
    assert union_sizes.slopes(SIZES, times) == pytest.approx([90e-6] * 3)


def test_a_record_that_costs_more_in_a_large_union_is_told() -> None:
    fair = union_sizes.report(sized({n: 3 + 90e-6 * n for n in SIZES}))
    assert "3,000,000 1.00 times what it costs at 300,000" in fair
    assert fair.endswith("which holds.")
    times = {100_000: 10.0, 300_000: 30.0, 1_000_000: 100.0, 3_000_000: 340.0}
    steep = union_sizes.report(sized(times))
    assert "3,000,000 1.20 times" in steep
    assert steep.endswith("which does not hold.")
    assert "| 3,000,000 | 340 | 680 | 100 | 1 | 120 | 240 |" in steep


def test_of_ten_queries_two_are_characters_and_one_each_a_phrase_and_three_words() -> None:
    """Pinyin and initials are not searched yet: words have their two."""
    assert Counter(union_work.KINDS) == {"word": 6, "character": 2, "phrase": 1, "three": 1}


def test_one_size_that_was_stopped_goes_on_with_what_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {code: tmp_path / f"{code}.mrc" for code in ("M01", "M02")}
    for number, path in enumerate(files.values()):
        path.write_bytes(book(str(number)))
    monkeypatch.setattr(union_one, "made", lambda *_: files)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(union_one, "rebuild", stopped)
        with pytest.raises(KeyboardInterrupt):
            union_one.run(tmp_path, tmp_path, 2)
    noted = json.loads((tmp_path / "union-2" / "stages.json").read_text())
    assert set(noted) == {"receive"}
    monkeypatch.setattr(Sources, "receive", stopped)
    said = union_one.run(tmp_path, tmp_path, 2)
    assert said["stages"]["receive"] == noted["receive"]  # type: ignore[index]
    assert said["counts"][0] == 2  # type: ignore[index]
    assert not (tmp_path / "union-2").exists()


def test_a_stage_that_comes_twice_is_counted_as_one(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(5000))
    stages = Stages(tmp_path)
    for name in ("read", "match", "read", ""):
        stages.begin(name)
    stages.ended.set()
    assert set(stages.found) == {"read", "match"}
    assert stages.found["read"]["disk"] == 5000
