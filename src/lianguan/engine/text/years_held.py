"""Which years a library has of a serial, and which libraries have which years."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from lianguan.engine.text.issue_runs import OPEN, Point, Run
from lianguan.engine.text.issues import Issues


class Span(NamedTuple):
    """Years one after the other."""

    first: int
    last: int
    """OPEN while it goes on."""
    in_part: bool = False
    """Something of them is missing."""


class SharedYears(NamedTuple):
    """Years that the same libraries have."""

    first: int
    last: int
    by: tuple[tuple[str, bool], ...]
    """Who has them, and whether in part; nobody where no statement names them."""


def years_held(statements: Sequence[Issues]) -> tuple[Span, ...]:
    """The years that the statements of one library name, in order. A year is in part where all
    that name it say that something is missing, or the numbers named leave some out."""
    listed = _with_numbers_left_out(run for one in statements for run in one.held)
    found = [span for one in statements for span in _years_of(one, listed)]
    years = (
        Span(first, last, all(span.in_part for span in there))
        for first, last in _stretches(found)
        if (there := [span for span in found if _within(first, span)])
    )
    return tuple(joined(years))


def years_shared(held: Mapping[str, Sequence[Span]]) -> tuple[SharedYears, ...]:
    """All years from the first to the last, those together that the same libraries have."""
    spans = [(library, span) for library, of_one in held.items() for span in of_one]
    found: list[SharedYears] = []
    for first, last in _stretches([span for _, span in spans]):
        by = tuple((who, span.in_part) for who, span in spans if _within(first, span))
        if found and found[-1].by == by:
            found[-1] = found[-1]._replace(last=last)
        else:
            found.append(SharedYears(first, last, by))
    return tuple(found)


def _years_of(one: Issues, listed: Sequence[Span]) -> Iterator[Span]:
    """The years of one statement, cut where what is said of them changes."""
    spans = [_span(run) for run in one.held if run.first.year]
    gone = [_span(run) for run in one.missing if run.first.year and _is_whole(run)]
    hurt = [_span(run) for run in one.missing if run.first.year and not _is_whole(run)]
    hurt += listed
    is_vague = not all(run.first.year for run in one.missing)
    for first, last in _stretches([*spans, *gone, *hurt]):
        there = [span for span in spans if _within(first, span)]
        if there and not any(_within(first, span) for span in gone):
            is_hurt = is_vague or any(_within(first, span) for span in hurt)
            yield Span(first, last, is_hurt or all(span.in_part for span in there))


def _span(run: Run) -> Span:
    last = OPEN if run.is_open else max(run.first.year, run.last.year)
    return Span(run.first.year, last, run.in_part)


def _is_whole(run: Run) -> bool:
    """Years without volumes or numbers."""
    return all(point == Point(point.year) for point in (run.first, run.last))


def _with_numbers_left_out(runs: Iterable[Run]) -> list[Span]:
    """Years of which issues are named one by one, and not all between the first and the last."""
    named: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for run in runs:
        if run.first.year == run.last.year and not run.is_open:
            named[run.first[:2]].append((run.first.number, run.last.number))
    return [Span(year, year) for (year, _), numbers in named.items() if year and _has_hole(numbers)]


def _has_hole(numbers: list[tuple[int, int]]) -> bool:
    """Of numbers held; 0 stands for all of a year."""
    numbers.sort()
    reached = numbers[0][1]
    for first, last in numbers:
        if first > reached + 1 and numbers[0][0]:
            return True
        reached = max(reached, last)
    return False


def _stretches(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """From the first year to the last, cut wherever a span begins or ends."""
    bounds = sorted({bound for span in spans for bound in (span.first, span.last + 1)})
    return ((first, after - 1) for first, after in pairwise(bounds))


def _within(year: int, span: Span) -> bool:
    return span.first <= year <= span.last


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of which the same is said are one."""
    before: Span | None = None
    for span in spans:
        if before and before.last + 1 == span.first and before.in_part == span.in_part:
            before = before._replace(last=span.last)
        else:
            if before:
                yield before
            before = span
    if before:
        yield before
