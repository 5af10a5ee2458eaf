"""What the bench of matching does with a few records, and what it makes of its figures."""

import numpy as np

from bench import matching_report
from bench.matching_records import Packed
from bench.matching_report import MATCHING, Run, Sized
from bench.matching_work import Timed, clustered, looked_at, matched
from lianguan.engine.match import signs
from lianguan.engine.match.cluster import Edge, clusters
from lianguan.engine.match.features import Features
from lianguan.engine.match.score import Batch, blocks, score, shared_isbns
from tests.match.test_score import SOME

VOLUMES = [
    Features(titles=("中国通史",), agents=("范文澜",), publisher="人民", year=1978, parts=parts, pages=300,
             isbns=("9787010000001",))
    for parts in ((), ("1",), ("1",), ("2",))
]  # fmt: skip


def test_all_stages_are_timed_and_what_is_found_is_what_the_scorer_finds() -> None:
    timed = Timed()
    counts = matched(SOME, timed)
    found = score(Batch(SOME, shared_isbns(SOME)), blocks(SOME))
    assert [*timed.stages] == ["keys", "signs", "shared", *MATCHING]
    assert counts.records == len(SOME)
    assert [counts.same, counts.asked] == np.bincount(found[:, 2], minlength=2).tolist()


def test_packed_features_are_matched_as_they_are() -> None:
    packed = Packed.of(SOME)
    assert list(packed) == SOME == [packed[place] for place in range(len(packed))]
    assert matched(packed, Timed()) == matched(SOME, Timed())


def test_clusters_are_those_of_a_catalogue_also_where_a_veto_parts_what_hangs_together() -> None:
    features = [*SOME[:60], *VOLUMES]
    found = score(Batch(features, shared_isbns(features)), blocks(features))
    labels = clustered(features, signs.signed(features), found)
    named = {f"{place:09}": one for place, one in enumerate(features)}
    edges = [Edge(rank, f"{a:09}", f"{b:09}") for a, b, said, rank in found.tolist() if said == 0]
    expected = [[int(name) for name in one] for one in clusters(named, edges)]
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    assert groups == expected
    assert len(groups[-1]) < len(VOLUMES)


def test_of_records_that_all_share_a_title_each_pair_is_counted_once() -> None:
    three = [Features(titles=("青海湖志",), agents=("张三",), year=2016, pages=300)] * 3
    assert looked_at(blocks(three), 3) == 1.0


def run(seconds: float, peak: int = 1_000, **said: object) -> Run:
    names = ("keys", "signs", "shared", *MATCHING, "train", "predict")
    counts = {"largest": 60, "open": 5, "same": 7, "asked": 2, "clusters": 9, "pairs": 3.5}
    return Run(dict.fromkeys(names, (seconds, seconds)), peak, {"counts": counts, **said})


def test_ratios_are_those_of_one_round_and_what_is_missed_is_said() -> None:
    sized = Sized(1_000_000, [run(1.0), run(2.0), run(1.0)], [run(12.0, pairs=11)] * 3)
    assert matching_report.ratios(sized) == [3.0, 1.5, 3.0]
    text = matching_report.report([sized], None)
    assert "| 1,000,000 | 3.50 | 60 | 5 | 7 | 2 | 9 |" in text
    assert "**3.00 [1.50–3.00]**" in text
    assert "| ≤ 6.00 s | 4.00 s | yes |" in text
    assert "| ≥ 2.00× | 3.00× | yes |" in text
    assert "| memory | 5,000,000 | ≤ 6,144 MiB | not measured | ? |" in text
    slow = Sized(1_000_000, [run(2.0, peak=3_000)], [], "it is not here")
    text = matching_report.report([slow], {"records": 1_000_000, "deltas": [dict.fromkeys(("read", "match", "index", "all"), 1.5)]})  # fmt: skip
    assert "| ≤ 6.00 s | 8.00 s | **no** |" in text
    assert "| ≤ 2,048 MiB | 3,000 MiB | **no** |" in text
    assert "| ≤ 1.00 s | 1.50 s | **no** |" in text
    assert "| 1,000,000 | not measured: it is not here |" in text
