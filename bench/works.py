"""Works: which entries stand together as one work, and what keeps others from it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

from bench.blocks import Two, two_sources
from bench.judge import BCubed, Score, b_cubed, pairwise_across
from bench.labelled_set import LabelledSet
from bench.one_load import loaded
from lianguan.engine.match.features import Features, is_title_alone
from lianguan.engine.match.levels import dice

ALIKE = 0.5


class Works(NamedTuple):
    """How the records of a set group as works, as one load."""

    name: str
    records: int
    merged: int
    """Pairs of one edition across the set's sources, of which there are none."""
    pairs: Score
    """Across the two sources."""
    cubed: BCubed
    wrong: list[Two]
    """Pairs across the two that stand together and whose labels differ."""
    by_title: Score
    """What the folded title alone would give."""
    causes: list[tuple[str, int]]
    """Why pairs of one work do not stand together, and how many of them each."""


def grouped(features: Mapping[str, Features], found: Mapping[str, str]) -> dict[str, str]:
    """Record → its work: entries whose first records have one key of a work are one, but where
    only a title names it and a source has two entries under that."""
    under: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, lead in found.items():
        under[name.partition(":")[0], features[lead].work].add(lead)
    unclear = {
        work for (_, work), leads in under.items() if len(leads) > 1 and is_title_alone(work)
    }
    nothing = {"", *unclear}
    return {
        name: lead if features[lead].work in nothing else f"work {features[lead].work}"
        for name, lead in found.items()
    }


def works(one: LabelledSet) -> Works:
    features = one.features()
    load = loaded(features)
    found = grouped(features, load.found)
    titles = {name: f.titles[0] if f.titles else name for name, f in features.items()}
    missed = Counter(
        cause(features[a], features[b]) for a, b, *_ in one.pairs if found[a] != found[b]
    )
    merged = sum(load.found[a] == load.found[b] for a, b, *_ in one.pairs)
    return Works(
        one.name,
        len(features),
        merged,
        pairwise_across(found, one.clusters),
        b_cubed(found, one.clusters),
        wrong(found, one.clusters),
        pairwise_across(titles, one.clusters),
        missed.most_common(),
    )


def wrong(found: Mapping[str, str], truth: Mapping[str, str]) -> list[Two]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, group in sorted(found.items()):
        groups[group].append(name)
    return [
        (a, b)
        for names in groups.values()
        for a, b in combinations(names, 2)
        if truth[a] != truth[b] and two_sources(a, b)
    ]


def cause(a: Features, b: Features) -> str:
    """What two records of one work do not share."""
    title = titles(a, b)
    if not a.agents or not b.agents:
        return f"{title}, no agent in {'either' if not (a.agents or b.agents) else 'one'}"
    if a.agents[0] == b.agents[0]:
        return f"{title}, one first agent"
    is_there = bool(set(a.agents) & set(b.agents))
    return f"{title}, {'an agent who is not the first in both' if is_there else 'other agents'}"


def titles(a: Features, b: Features) -> str:
    """How near their titles are."""
    if set(a.titles) & set(b.titles):
        return "one title"
    if any(x in y or y in x for x in a.titles for y in b.titles):
        return "one title within the other"
    alike = any(dice(x, y) >= ALIKE for x in a.titles for y in b.titles)
    return "two titles that are half alike" if alike else "two titles"
