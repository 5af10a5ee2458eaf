"""What is held of a serial or newspaper, read from the words in which libraries write it.

2003年第1-12期；缺第5期 · v.1-12 (1990-2001), v.14 (2003)- · 1985,no.1-6,8-12 · 总第120期 · 民国25年

What is read puts statements in order and says which years a library has; shown is what the
member wrote. What is not understood is given back as it stands, and nothing is guessed: 2003-04
may be two years or a month, and only 2003 is read.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from lianguan.engine.record import Holding
from lianguan.engine.text.issue_runs import CONTEXT, LEVELS, BegunRun, Point, Run
from lianguan.engine.text.issue_words import ERAS, MONTHS, SEASONS, Word, words_in


class Issues(NamedTuple):
    """What a statement says, as far as it can be read."""

    held: tuple[Run, ...] = ()
    missing: tuple[Run, ...] = ()
    unread: tuple[str, ...] = ()
    """Words and numbers that were not understood."""

    @property
    def first(self) -> Point | None:
        """Where what is held begins: statements are ordered by it."""
        return min((run.first for run in self.held), default=None)


OPEN_ENDS = ("-", "–", "—", "~", "～")
LONGEST = 4000
"""Characters of a statement that are read."""


@lru_cache(1 << 12)
def issues_in(text: str) -> Issues:
    """What a statement says."""
    reader = _Reader()
    for word in words_in(text[:LONGEST]):
        reader.take(word)
    said = reader.done()
    return said._replace(unread=(*said.unread, text[LONGEST:])) if text[LONGEST:] else said


def issues_of(holding: Holding) -> Issues:
    """What a holding says: its years and volumes, and what a note says is missing."""
    sign = "；" if holding.years.endswith(OPEN_ENDS) else " "
    said = issues_in(sign.join(filter(None, (holding.years, holding.volumes))))
    if not holding.note:
        return said
    return said._replace(missing=said.missing + issues_in(holding.note).missing)


class _Reader:
    """Takes the words of a statement, or of brackets in one, and makes runs of them."""

    def __init__(self, around: "_Reader | None" = None) -> None:
        self.around = around
        self.now = around.context() if around else BegunRun()
        self.held: list[Run] = []
        self.missing: list[Run] = []
        self.unread: list[str] = []
        self.inner: _Reader | None = None
        self.is_missing = False
        self.lists = False
        """Everything to the end is missing."""
        self.waits = False
        """A dash came, and what stands behind it has not come yet."""
        self.level = ""
        """Of the number before."""
        self.mark = ""
        """The sign before."""
        self.was_unread = False
        self.is_unsure = False
        """A word came that was not understood: a number behind it may count anything."""
        self.stood_right_before = False
        self.is_in_part = False
        """Something is missing from what stands around the brackets."""

    def take(self, word: Word) -> None:
        if self.inner is not None:
            self._inside(self.inner, word)
        elif word.kind in LEVELS:
            first, *rest = map(int, word.said)
            self.say(word.kind, first, rest[0] if rest else first)
        else:
            KINDS[word.kind](self, word)
        self.mark = word.text if word.kind in ("mark", "equals") else ""
        self.was_unread = word.kind == "unread"

    def say(self, level: str, first: int, last: int) -> None:
        """A number of one level: the begin of a run, its end, or more of it."""
        now = self.now
        if self.mark == "=" and level == "number":
            level = "whole"
        if self.waits:
            now.end(level, last)
            self.waits = False
        elif self.mark == "/" and level == self.level:
            now.last[level] = last
        elif now.ended and level not in now.ended:
            now.end(level, last)
        else:
            if level in now.order and now.said and not (level == "year" and now.said == {"month"}):
                self._next(level)
            self.now.set(level, first, last)
        self.level, self.is_unsure = level, False

    def _next(self, level: str) -> None:
        """The run ends; levels that were said before this one hold for the next too."""
        before = self.now
        self.close()
        for one in before.order[: before.order.index(level)]:
            self.now.first[one] = self.now.last[one] = before.last[one]
            self.now.order.append(one)

    def close(self) -> None:
        """The run ends here."""
        if self.now.said:
            self.now.is_open |= self.waits
            (self.missing if self.is_missing else self.held).append(self.now.run())
        elif self.is_missing and not self.missing:
            self._missing_alone()
        self.waits = False
        self.now = BegunRun()

    def _missing_alone(self) -> None:
        """A word for missing with nothing behind it: what stands right before it is (2001缺)."""
        if self.held and self.stood_right_before:
            self.missing.append(self.held.pop())
        else:
            self._some_missing()

    def _some_missing(self) -> None:
        if self.held:
            self.held[-1] = self.held[-1]._replace(in_part=True)
        else:
            self.is_in_part = True

    def context(self) -> BegunRun:
        """What holds for the next run too."""
        return BegunRun() if self.waits else self.now.context()

    def done(self) -> Issues:
        if self.inner:
            self._merge(self.inner)
        self.close()
        return Issues(tuple(self.held), tuple(self.missing), tuple(self.unread))

    def _inside(self, inner: "_Reader", word: Word) -> None:
        if word.kind == "closes":
            self._merge(inner)
        else:
            inner.take(word)

    def _merge(self, inner: "_Reader") -> None:
        """What stands in brackets: the years of the volumes before them, or what is missing."""
        self.inner = None
        found = inner.done()
        self.missing += found.missing
        self.unread += found.unread
        self.now.in_part |= inner.is_in_part
        if not found.held:
            return
        begin, end = found.held[0].first, found.held[-1].last
        if begin.year and not self.now.covers(begin.year):
            self.close()
            self.held += found.held
            return
        self.now.is_open |= found.held[-1].is_open
        self.now.in_part |= len(found.held) > 1 or found.held[0].in_part
        for level in LEVELS:
            self._bracketed(level, getattr(begin, level), getattr(end, level))
        if begin.year == end.year:
            self._of_the_list(begin.year)

    def _of_the_list(self, year: int) -> None:
        """The year in brackets is that of all numbers before it: v.3 no.1,3,4 (1969)."""
        runs = self.missing if self.is_missing else self.held
        volume = self.now.first.get("volume", 0)
        for i in range(len(runs) - 1, -1, -1):
            first, last = runs[i].first, runs[i].last
            if first.year or first.volume != volume:
                break
            runs[i] = runs[i]._replace(
                first=first._replace(year=year), last=last._replace(year=year)
            )

    def _bracketed(self, level: str, first: int, last: int) -> None:
        now = self.now
        if not (first or last) or level in now.ended:
            return
        if first == last and now.ended and level in now.first:
            now.end(level, last)
        elif level not in now.said:
            now.add(level, first or last, last or first)
            now.ended |= {level} if now.ended else set()

    # what words of each kind do

    def bare(self, word: Word) -> None:
        """A number without a unit: of the level before, or an issue of the year before."""
        first, *rest = map(int, word.said)
        level = self._level_of_bare()
        if level:
            self.say(level, first, rest[0] if rest else first)
        else:
            self.not_read(word)

    def _level_of_bare(self) -> str:
        if self.is_unsure:
            return ""
        if self.waits:
            return self.level if self.level != "year" else ""
        if self.now.ended == {"year"}:
            return "number"
        if self.level in ("number", "whole", "month"):
            return self.level
        if self.level == "volume" and ":" not in self.mark:
            return "volume"
        is_listed = any(sign in self.mark for sign in "、/&和及")
        return "number" if not is_listed and any(map(self.now.alone, CONTEXT)) else ""

    def era(self, word: Word) -> None:
        era, *years = word.said
        first, *rest = (ERAS[era] + int(year) for year in years)
        self.say("year", first, rest[0] if rest else first)

    def short_year(self, word: Word) -> None:
        first, short = int(word.said[0]), int(word.said[1])
        last = first - first % 100 + short
        if short > 12 and last > first:
            self.say("year", first, last)
        else:
            self.say("year", first, first)
            self.not_read(word)

    def date(self, word: Word) -> None:
        year, month = map(int, word.said)
        self.say("year", year, year)
        self.say("month", month, month)

    def named_month(self, word: Word) -> None:
        month = MONTHS.index(word.said[0]) + 1
        self.say("month", month, month)

    def season(self, word: Word) -> None:
        self.say("month", *SEASONS[word.said[0]])

    def quarter(self, word: Word) -> None:
        first, *rest = map(int, word.said)
        self.say("month", 3 * first - 2, 3 * (rest[0] if rest else first))

    def first_issue(self, word: Word) -> None:
        self.say("number", 1, 1)

    def gaps(self, word: Word) -> None:
        if self.now.said:
            self.now.in_part = True
        else:
            self._some_missing()

    def gone(self, word: Word) -> None:
        """What follows is missing."""
        context = self.context()
        self.stood_right_before = bool(self.now.said) and not self.mark
        self.close()
        self.now, self.is_missing, self.lists = context, True, bool(word.said)

    def opens(self, word: Word) -> None:
        if self.waits and word.text == "(":
            self.now.is_open, self.waits = True, False
        if self.now.said and not self.waits and self.around is None:
            self.inner = _Reader(self)

    def to(self, word: Word) -> None:
        self.waits = bool(self.now.said)

    def goes_on(self, word: Word) -> None:
        self.now.is_open, self.waits = True, False

    def hard(self, word: Word) -> None:
        context = self.context()
        self.close()
        self.now, self.level = context, ""
        self.is_missing &= self.lists

    def not_read(self, word: Word) -> None:
        self.waits, self.is_unsure = False, True
        if self.was_unread:
            self.unread[-1] += word.text
        else:
            self.unread.append(word.text)

    def nothing(self, word: Word) -> None:
        """Words that say nothing of years and numbers."""


KINDS: dict[str, Callable[[_Reader, Word], None]] = {
    "bare": _Reader.bare,
    "era": _Reader.era,
    "short_year": _Reader.short_year,
    "date": _Reader.date,
    "named_month": _Reader.named_month,
    "season": _Reader.season,
    "quarter": _Reader.quarter,
    "first": _Reader.first_issue,
    "in_part": _Reader.gaps,
    "missing": _Reader.gone,
    "open": _Reader.goes_on,
    "opens": _Reader.opens,
    "closes": _Reader.nothing,
    "to": _Reader.to,
    "hard": _Reader.hard,
    "equals": _Reader.nothing,
    "mark": _Reader.nothing,
    "nothing": _Reader.nothing,
    "unread": _Reader.not_read,
}
"""Kind of word → what it does; the others are levels."""
