"""The tables of docs/real-input.md, each between two marks of its own."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.real_compare import Compared, Tally
from bench.real_kinds import KINDS
from bench.real_load import Answer, Exported, Loaded
from bench.real_look import Verdict
from bench.real_members import Member

PEERS = ("pymarc", "yaz", "csv")


def table(heading: str, rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the heading's words stand between |, figures to the right."""
    titles = [title.strip() for title in heading.split("|")]
    body = [[_shown(cell) for cell in row] for row in rows]
    numeric = [all(re.fullmatch(r"[\d,.]*", row[i]) for row in body) for i in range(len(titles))]
    lines = [titles, ["--:" if right else "---" for right in numeric], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell).replace("|", "\\|")


def counts(found: Counter[str]) -> str:
    """What there is of each, the most first."""
    return ", ".join(f"{name} {count:,}" for name, count in found.most_common() if count)


@dataclass(slots=True)
class Reading:
    """What the reading of all members came to."""

    by_member: dict[Member, Tally] = field(default_factory=dict)
    files: Counter[str] = field(default_factory=Counter)
    over: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Member, file, records that a peer reads without error, and how many of them we set aside."""
    unexplained: list[str] = field(default_factory=list)

    def add(self, found: Compared) -> None:
        self.by_member.setdefault(found.member, Tally()).add(found.tally)
        self.files[found.member.code] += 1
        lost = found.tally.lost_though_read.total()
        if lost:
            sound = found.tally.sound["either"]
            self.over.append((found.member.code, found.file, sound, lost))
        for one in found.differences:
            if one.kind.name == "unexplained":
                place = f"{found.file} {one.read.offset} {one.aspect.name}"
                self.unexplained.append(f"{place}: {one.peer} {one.theirs}, we {one.ours}")

    @property
    def total(self) -> Tally:
        total = Tally()
        for tally in self.by_member.values():
            total.add(tally)
        return total


def read_table(reading: Reading) -> str:
    rows = [
        (
            *(member.code, reading.files[member.code], tally.records, tally.read["us"]),
            *(tally.read[peer] or "" for peer in PEERS),
            counts(tally.reasons),
            counts(tally.rules),
        )
        for member, tally in reading.by_member.items()
    ]
    total = reading.total
    rows.append(
        (
            *("**all**", reading.files.total(), total.records, total.read["us"]),
            *(total.read[peer] for peer in PEERS),
            counts(total.reasons),
            counts(total.rules),
        )
    )
    heading = "member | files | records | read by us | pymarc | yaz | csv | set aside | repaired"
    return table(heading, rows)


def over_table(reading: Reading) -> str:
    heading = "member | file | read by a peer without error | of those set aside by us"
    extra = counts(reading.total.extra) or "none"
    return (
        f"{table(heading, reading.over)}\n\n"
        f"Records without error that a peer has where we have none: {extra}."
    )


def alike_table(reading: Reading) -> str:
    """How often we read what a peer reads."""
    total = reading.total
    differing: Counter[tuple[str, str]] = Counter()
    for (peer, aspect, _), count in total.kinds.items():
        differing[peer, aspect] += count
    rows = [
        (peer, aspect, count, count - differing[peer, aspect], differing[peer, aspect])
        for (peer, aspect), count in total.compared.items()
    ]
    return table("peer | compared | records | alike | different", rows)


def kinds_table(reading: Reading) -> str:
    found = reading.total.kinds
    rows = []
    for kind in KINDS:
        by_peer = Counter({p: _of(found, p, kind.name) for p in PEERS})
        aspects = Counter({a: c for (_, a, k), c in _by_aspect(found).items() if k == kind.name})
        if by_peer.total():
            rows.append((kind.name, counts(aspects), counts(by_peer), kind.right, kind.why))
    return table("difference | in | from | right | why", rows)


def _of(found: Counter[tuple[str, str, str]], peer: str, kind: str) -> int:
    return sum(count for (p, _, k), count in found.items() if (p, k) == (peer, kind))


def _by_aspect(found: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str, str]]:
    summed: Counter[tuple[str, str, str]] = Counter()
    for (_, aspect, kind), count in found.items():
        summed["", aspect, kind] += count
    return summed


def loaded_table(first: list[Loaded], again: list[Loaded]) -> str:
    rows = [
        (
            one.member.code,
            one.member.name,
            *(one.said[key] for key in ("read", "new", "set_aside", "entries", "works")),
            float(one.said["seconds"]),
            two.said["new"],
            two.said["changed"],
        )
        for one, two in zip(first, again, strict=True)
    ]
    sums = [sum(int(one.said[key]) for one in first) for key in ("read", "new", "set_aside")]
    last = [again[-1].said[key] for key in ("entries", "works")]
    seconds = sum(float(one.said["seconds"]) for one in first)
    twice = [sum(int(one.said[key]) for one in again) for key in ("new", "changed")]
    rows.append(("**all**", f"{len(first)} members", *sums, *last, seconds, *twice))
    heading = "member | name | read | new | set aside | entries then | works then | seconds"
    return table(heading + " | new again | changed again", rows)


def answers_table(answers: list[Answer]) -> str:
    rows = [(a.query, a.what, a.library, a.total, a.rank or "not found") for a in answers]
    return table("query | what it tries | record of | found | rank", rows)


def exports_table(exports: list[Exported], clusters: tuple[int, int, int]) -> str:
    rows = [(e.library, e.records, e.sound, e.equal, e.yaz, e.warnings) for e in exports]
    sums = [sum(row[i] for row in rows) for i in range(1, 6)]  # type: ignore[misc]
    heading = "member | exported | sent in ISO 2709, sound | byte for byte | read by yaz | warnings"
    return (
        f"{table(heading, [*rows, ('**all**', *sums)])}\n\n"
        "`export clusters`: {:,} records, {:,} entries, {:,} works.".format(*clusters)
    )


def verdicts_table(verdicts: list[Verdict]) -> str:
    found: dict[tuple[str, str, str], Counter[str]] = {}
    for one in verdicts:
        found.setdefault((one.library, one.file, one.why), Counter())[one.verdict] += 1
    rows = [(*place, c["right"], c["wrong"], c["cannot tell"]) for place, c in found.items()]
    total = Counter(one.verdict for one in verdicts)
    rows.append(("**all**", "", "", total["right"], total["wrong"], total["cannot tell"]))
    return table("member | file | reason or rules | right | wrong | cannot tell", rows)


def renew(document: Path, name: str, text: str) -> None:
    """Put a text between the marks of its name in a document."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    said = document.read_text("utf-8")
    before, found, rest = said.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{document} lacks {begin} or {end}")
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")
