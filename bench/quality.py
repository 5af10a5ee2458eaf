"""Match quality on labelled sets: `python -m bench.quality --from ../shared/data/records`.

`--write docs/quality.md` puts the tables between the marks in that document.
"""

import argparse
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.labelled import Labelled, editions, labelled_pairs
from bench.labelled_aco import reproductions
from bench.labelled_set import LabelledSet, rows
from bench.labelled_works import Apart, Tengyur, apart, classics, tengyur
from lianguan.engine.match.decide import ASK, SAME, Verdict, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts, compare

Z = 1.96
"""For intervals of 95 %."""


class Score(NamedTuple):
    """What a way of deciding says of labelled pairs."""

    right: int
    wrong: int
    missed: int
    asked: int
    pairs: int

    @property
    def f1(self) -> float:
        found = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / found if found else 0.0

    def cells(self, name: str, way: str) -> tuple[str, ...]:
        if not self.right + self.wrong:
            return (name, way, f"{self.pairs:,}", "–", "–", "–", "–")
        return (
            name,
            way,
            f"{self.pairs:,}",
            share(self.right, self.right + self.wrong),
            share(self.right, self.right + self.missed),
            f"{self.f1:.3f}",
            f"{self.asked / self.pairs:.1%}" if self.asked else "–",
        )


def wilson(count: int, of: int) -> tuple[float, float]:
    """The interval in which a share lies in 95 of 100 samples like this one."""
    if not of:
        return 0.0, 1.0
    p, n = count / of, of
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    wide = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(middle - wide, 0.0), min(middle + wide, 1.0)


def share(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return f"{count / of:.4f} [{low:.3f}–{high:.3f}]" if of else "–"


def ours(pair: Labelled) -> str:
    return decide(pair.a, pair.b, Facts()).decision


def same_isbn(pair: Labelled) -> str:
    return SAME if set(pair.a.isbns) & set(pair.b.isbns) else ""


def title_and_agent(pair: Labelled) -> str:
    """Folded title proper and first agent equal."""
    a, b = pair.a, pair.b
    return SAME if a.titles and a.agents and _first(a) == _first(b) else ""


def _first(f: Features) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return f.titles[:1], f.agents[:1]


WAYS = {
    "ours": ours,
    "same ISBN": same_isbn,
    "title and first agent": title_and_agent,
}


def scored(pairs: list[Labelled], way: Callable[[Labelled], str]) -> Score:
    counts = Counter((way(pair), pair.same) for pair in pairs)
    missed = sum(n for (decision, same), n in counts.items() if same and decision != SAME)
    asked = counts[ASK, True] + counts[ASK, False]
    return Score(counts[SAME, True], counts[SAME, False], missed, asked, len(pairs))


def published_model(folder: Path) -> tuple[str, ...]:
    """HathiTrust's own trained model on the same pairs, from its published predictions."""
    where = folder / "labelled/hathitrust"
    labels = [row["label"] == "1" for row in rows(where / "hathi_val_labels.csv.gz")]
    said = [float(row["prediction"]) for row in rows(where / "hathi_val_model.csv.gz")]
    right = wrong = 0
    best = (0.0, 0, 0)
    for _, same in sorted(zip(said, labels, strict=True), reverse=True):
        right, wrong = right + same, wrong + (not same)
        if right >= 0.99 * (right + wrong):
            best = (right / sum(labels), right, wrong)
    score = Score(best[1], best[2], sum(labels) - best[1], 0, len(labels))
    return score.cells("HathiTrust", "trained model of its publishers, where P ≥ .99")


def cause(pair: Labelled, verdict: Verdict) -> str:
    """Why a pair that is one edition was not merged: the veto, or the fields that do not agree."""
    if verdict.vetoes:
        return "veto: " + ", ".join(verdict.vetoes)
    levels = compare(pair.a, pair.b, Facts())
    hindering = [f"{f} {x}" for f, x in levels.items() if x != "same" and f != "number"]
    return ", ".join(hindering[:3]) or "all alike"


def causes(pairs: Iterable[Labelled], most: int = 8) -> Iterator[tuple[str, int, int]]:
    """(cause, pairs missed, of them asked), the most frequent first."""
    missed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for pair in pairs:
        verdict = decide(pair.a, pair.b, Facts())
        if pair.same and verdict.decision != SAME:
            why = cause(pair, verdict)
            missed[why] += 1
            asked[why] += verdict.decision == ASK
    for why, count in missed.most_common(most):
        yield why, count, asked[why]


def table(head: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    rule = "|".join("---" for _ in head)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, *lines)).replace(
        "\n", f"\n|{rule}|\n", 1
    )


def merges(sets: Sequence[LabelledSet], folder: Path) -> str:
    lines = [
        scored(list(labelled_pairs(one)), way).cells(one.name, name)
        for one in sets
        for name, way in WAYS.items()
    ]
    lines.insert(len(WAYS), published_model(folder))
    head = ("set", "decided by", "pairs", "precision [95 %]", "recall [95 %]", "F1", "to a person")
    return table(head, lines)


def kept_apart(found: list[Apart]) -> str:
    lines = [
        (
            one.name,
            f"{one.pairs:,}",
            str(one.merged),
            str(one.asked),
            share(one.one_work, one.pairs),
        )
        for one in found
    ]
    return table(("set", "pairs", "merged (wrong)", "asked", "grouped as one work [95 %]"), lines)


def missed_by_cause(sets: Sequence[LabelledSet]) -> str:
    lines = [
        (one.name, why, str(count), str(asked))
        for one in sets
        for why, count, asked in causes(labelled_pairs(one))
    ]
    return table(("set", "what does not agree", "missed", "of them asked"), lines)


def tibetan_titles(found: Tengyur) -> str:
    return (
        f"Of {found.pairs:,} pairs of one text in the Derge and the Cone Tengyur"
        f" {share(found.as_written, found.pairs)} have a title that is equal as written and"
        f" {share(found.folded, found.pairs)} one that is equal when folded;"
        f" {found.folded_apart:,} pairs of two different texts have equal folded titles."
    )


def report(folder: Path) -> str:
    """All tables, as they stand in `docs/quality.md`."""
    sets = editions(folder)
    return "\n\n".join(
        (
            f"`python -m bench.quality`, {datetime.now(UTC).date().isoformat()}.",
            "### Automatic merges, pair by pair",
            merges(sets, folder),
            "### Pairs that must never be merged",
            kept_apart([apart(classics(folder)), apart(reproductions(folder))]),
            "### Tibetan titles",
            tibetan_titles(tengyur(folder)),
            "### What is missed, by cause",
            missed_by_cause(sets),
        )
    )


MARKS = re.compile(r"(<!-- figures -->\n).*(<!-- end of figures -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, default="../shared/data/records")
    parser.add_argument("--write", type=Path, help="the document to put the tables in")
    told = parser.parse_args()
    figures = report(told.folder)
    print(figures)
    if told.write:
        text = told.write.read_text("utf-8")
        told.write.write_text(MARKS.sub(lambda m: f"{m[1]}{figures}\n{m[2]}", text), "utf-8")


if __name__ == "__main__":
    main()
