"""The tables of speed in Markdown, from the timings of all rounds."""

from collections.abc import Iterable, Mapping, Sequence

from bench.speed_table import CLAIMS, LIMITS, Claim, Job, Limit
from bench.timing import Timing, figure, spread

Rounds = Mapping[Job, Sequence[Timing]]
"""The timings of each job, one for each round; none where it could not be measured."""

CLAIM_HEAD = ("what", "times as fast", "by CPU time", "target", "holds")
JOB_HEAD = ("who", "takes", "records", "seconds", "µs a record", "records/s", "CPU s", "MiB")


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def claims(rounds: Rounds, missing: Mapping[Job, str]) -> str:
    """What was promised, and whether it holds."""
    lines = [_claim(claim, rounds, missing) for claim in CLAIMS]
    return table(CLAIM_HEAD, [*lines, *(_limit(limit, rounds, missing) for limit in LIMITS)])


def _claim(claim: Claim, rounds: Rounds, missing: Mapping[Job, str]) -> list[str]:
    target = f"{figure(claim.least)}×" if claim.least else "–"
    target += f" (goal {figure(claim.goal)}×)" if claim.goal else ""
    for job in (claim.job, claim.peer):
        if job in missing:
            return [claim.what, f"not measured: {job.who} {missing[job]}", "", target, "?"]
    pairs = list(zip(rounds[claim.job], rounds[claim.peer], strict=True))
    known = read(claim.job, rounds) / read(claim.peer, rounds)
    wall = spread([known * theirs.seconds / ours.seconds for ours, theirs in pairs])
    cpu = spread([known * theirs.cpu / ours.cpu for ours, theirs in pairs])
    return [claim.what, f"**{wall}**", f"{figure(cpu.middle)}", target, _holds(claim, wall.middle)]


def _holds(claim: Claim, reached: float) -> str:
    if not claim.least:
        return ""
    if claim.goal and reached >= claim.goal:
        return "yes, the goal too"
    return "yes" if reached >= claim.least else "**no**"


def _limit(limit: Limit, rounds: Rounds, missing: Mapping[Job, str]) -> list[str]:
    target = f"≤ {figure(limit.most)} s"
    if limit.job in missing:
        return [limit.what, f"not measured: {missing[limit.job]}", "", target, "?"]
    wall = spread([timing.seconds for timing in rounds[limit.job]])
    cpu = spread([timing.cpu for timing in rounds[limit.job]])
    holds = "yes" if wall.middle <= limit.most else "**no**"
    return [limit.what, f"**{wall} s**", f"{figure(cpu.middle)} s", target, holds]


def read(job: Job, rounds: Rounds) -> int:
    """The records of the job's file, as this or another job on it counted them."""
    counts = [t.records for other, runs in rounds.items() if other.on == job.on for t in runs]
    return max(counts, default=0)


def timings(rounds: Rounds) -> str:
    """How long each job took, a line a job."""
    return table(JOB_HEAD, [_timing(job, rounds) for job in rounds if rounds[job]])


def _timing(job: Job, rounds: Rounds) -> list[str]:
    runs, count = rounds[job], read(job, rounds)
    wall = spread([timing.seconds for timing in runs])
    cpu = spread([timing.cpu for timing in runs])
    each = figure(wall.middle / count * 1e6) if count else ""
    rate = figure(count / wall.middle) if count else ""
    place = f"{count:,} {WHAT_FILE.get(job.on, '')}".strip() if count else ""
    peak = str(max(timing.peak for timing in runs))
    return [job.who, job.takes, place, str(wall), each, rate, figure(cpu.middle), peak]


WHAT_FILE = {
    "damaged": "(1 % damaged)",
    "unrepeated": "(none repeated)",
    "unrepeated_xml": "(XML, none repeated)",
    "xml": "(XML)",
    "xml_hundredth": "(XML)",
}
