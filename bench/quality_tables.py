"""The figures of match quality as tables in Markdown."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bench.across import Across
from bench.blocks import Two
from bench.judge import Score, b_cubed, pairwise, scored, share, wilson
from bench.labelled_set import LabelledSet, Pair
from bench.looked_at import EDITION, NOT, WORK, Looked
from bench.works import Works
from lianguan.engine.match.decide import ASK, SAME, Verdict
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts, compare

MOST_CAUSES = 8


class Decided(NamedTuple):
    pair: Pair
    a: Features
    b: Features
    verdict: Verdict


class PairLine(NamedTuple):
    name: str
    way: str
    pairs: int
    score: Score | None
    asked: int = 0


class HalfLine(NamedTuple):
    name: str
    half: str
    score: Score
    with_queue: Score


class LoadLine(NamedTuple):
    labelled: LabelledSet
    way: str
    compared: int
    asked: int
    found: Mapping[str, str]
    """Record → its cluster."""


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    said = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in said)


PAIRS = ("set", "decided by", "pairs", "precision [95 %]", "recall [95 %]", "F1", "asked")


def pair_table(lines: list[PairLine]) -> str:
    return table(PAIRS, map(_pair_cells, lines))


def _pair_cells(line: PairLine) -> Sequence[str]:
    cells = line.score.cells() if line.score else ("–", "–", "–")
    asked = f"{line.asked / line.pairs:.1%}" if line.asked else "–"
    return line.name, line.way, f"{line.pairs:,}", *cells, asked


HALVES = ("set", "half", "the same", "precision", "recall", "F1", "recall with what is asked")


def half_table(lines: list[HalfLine]) -> str:
    return table(HALVES, map(_half_cells, lines))


def _half_cells(line: HalfLine) -> Sequence[str]:
    same = line.score.right + line.score.missed
    return line.name, line.half, f"{same:,}", *line.score.cells(), line.with_queue.cells()[1]


LOADS = (
    "set", "decided by", "records", "compared", "asked", "judged by", "precision", "recall", "F1",
    "B³ precision", "B³ recall", "B³ F1", "merged with no label",
)  # fmt: skip


def load_table(lines: list[LoadLine]) -> str:
    return table(LOADS, map(_load_cells, lines))


def _load_cells(line: LoadLine) -> Sequence[str]:
    one, found = line.labelled, line.found
    begin = one.name, line.way, f"{len(found):,}", f"{line.compared:,}", f"{line.asked:,}"
    if one.clusters:
        cubed = b_cubed(found, one.clusters).cells()
        return *begin, "all pairs", *pairwise(found, one.clusters).cells(), *cubed, "0"
    score = scored((found[pair.a] == found[pair.b], pair.same) for pair in one.pairs)
    sizes = Counter(found.values())
    together = sum(n * (n - 1) // 2 for n in sizes.values())
    others = together - score.right - score.wrong
    return *begin, f"{len(one.pairs):,} pairs", *score.cells(), "–", "–", "–", f"{others:,}"


def looked_table(
    silver: Score, wrong: list[Pair], asked: list[Pair], known: Mapping[Two, Looked]
) -> str:
    """The labels beside what was found by reading the records."""
    lines = [("merged; the labels say the same", silver.right, silver.right + silver.wrong)]
    lines += _looked_lines("merged; the labels tell them apart", wrong, known)
    lines += _looked_lines("asked; the labels tell them apart", asked, known)
    cells = [(what, share(count, of), f"{of:,}") for what, count, of in lines]
    said = _said(wrong, known)
    looked = sum(said.values())
    unclear = looked - said[EDITION] - said[NOT]
    for what, of in (("left out", looked - unclear), ("counted as wrong", looked)):
        precision = as_looked_at(silver, said[EDITION], of)
        cells.append((f"precision as looked at, what is unclear {what}", precision, f"{of:,}"))
    return table(("what", "share [95 %]", "n"), cells)


def _said(pairs: list[Pair], known: Mapping[Two, Looked]) -> Counter[str]:
    return Counter(known[pair[:2]].verdict for pair in pairs if pair[:2] in known)


def _looked_lines(
    what: str, pairs: list[Pair], known: Mapping[Two, Looked]
) -> list[tuple[str, int, int]]:
    said = _said(pairs, known)
    looked = sum(said.values())
    return [
        (f"{what}: looked at", looked, len(pairs)),
        ("of these one edition, as far as the two records say", said[EDITION], looked),
        ("of these not one edition", said[NOT], looked),
        ("of these unclear", looked - said[EDITION] - said[NOT], looked),
    ]


def as_looked_at(silver: Score, editions: int, of: int) -> str:
    """Precision where of the merges that labels call wrong as large a share is right as of those
    that were looked at."""
    shares = (editions / of, *wilson(editions, of)) if of else (0.0, 0.0, 1.0)
    merged = silver.right + silver.wrong
    middle, low, high = ((silver.right + silver.wrong * one) / merged for one in shares)
    return f"{middle:.4f} [{low:.3f}–{high:.3f}]"


APART = ("set", "pairs", "merged (wrong)", "of them both electronic", "asked")


def apart_table(found: list[tuple[LabelledSet, list[Decided]]]) -> str:
    return table(APART, (_apart_cells(one, said) for one, said in found))


def _apart_cells(one: LabelledSet, said: list[Decided]) -> Sequence[str]:
    merged = [pair for pair in said if pair.verdict.decision == SAME]
    electronic = sum(
        all(one.records[name].carrier == "electronic" for name in pair.pair[:2]) for pair in merged
    )
    asked = sum(pair.verdict.decision == ASK for pair in said)
    return one.name, f"{len(said):,}", str(len(merged)), str(electronic), str(asked)


WORKS = (
    "set", "records", "grouped by", "precision [95 %]", "recall [95 %]", "F1", "B³ precision",
    "B³ recall", "B³ F1", "wrong ones", "looked at and one work",
)  # fmt: skip
CAUSES = ("set", "pairs of one work that stand apart have", "pairs")


def works_tables(found: list[Works], known: Mapping[Two, Looked]) -> tuple[str, str]:
    lines: list[Sequence[str]] = []
    for one in found:
        begin = one.name, f"{one.records:,}"
        right = sum(two in known and known[two].verdict == WORK for two in one.wrong)
        figures = *one.pairs.cells(), *one.cubed.cells()
        lines.append((*begin, "ours", *figures, str(len(one.wrong)), str(right)))
        lines.append((*begin, "folded title alone", *one.by_title.cells(), *["–"] * 5))
    causes = [(one.name, why, str(count)) for one in found for why, count in one.causes]
    return table(WORKS, lines), table(CAUSES, causes)


def across_table(found: Across, known: Mapping[Two, Looked]) -> str:
    said = Counter(known[two].verdict if two in known else "not looked at" for two in found.merged)
    n = found.compared
    lines = [
        ("records, sets", f"{found.records:,}, {found.sets}"),
        ("pairs across two sets that were compared (n)", f"{n:,}"),
        ("merged", str(len(found.merged))),
        *((f"merged: {verdict}", str(count)) for verdict, count in sorted(said.items())),
        ("asked", f"{found.asked:,}"),
        ("false among them, in n", f"{said[NOT]} in {n:,}"),
    ]
    if not said[NOT] and n:
        lines.append(
            ("the largest share of false ones that this allows, at 95 % (3/n)", f"{3 / n:.2%}")
        )
    return table(("all sets together", ""), lines)


def cause(one: Decided) -> str:
    """Why a pair that is one edition was not merged: the veto, or the fields that do not agree."""
    if one.verdict.vetoes:
        return "veto: " + ", ".join(one.verdict.vetoes)
    levels = compare(one.a, one.b, Facts())
    hindering = [f"{f} {x}" for f, x in levels.items() if x != "same" and f != "number"]
    return ", ".join(hindering[:3]) or "all alike"


def causes(said: list[Decided]) -> Iterator[tuple[str, int, int]]:
    """(cause, pairs missed, of them asked), the most frequent first."""
    missed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for one in said:
        if one.pair.same and one.verdict.decision != SAME:
            why = cause(one)
            missed[why] += 1
            asked[why] += one.verdict.decision == ASK
    for why, count in missed.most_common(MOST_CAUSES):
        yield why, count, asked[why]


def causes_table(said: Mapping[str, list[Decided]]) -> str:
    lines = [
        (name, why, str(count), str(asked))
        for name, pairs in said.items()
        for why, count, asked in causes(pairs)
    ]
    return table(("set", "what does not agree", "missed", "of them asked"), lines)
