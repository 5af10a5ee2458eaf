"""What an invented edition is: a function of its number, many at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bench.members_plan import Plan, chance, is_family, mixed
from bench.members_words import Whole, Words

SHARES = (0.55, 0.95, 1.0)
"""Of the works: English, and Chinese, and Tibetan."""
WORDS = 14
"""A title has no more, and its subtitle no more."""
COMMON = 0.006
"""Share of the works with a title that hundreds have."""
SUBTITLED = 0.45
NO_AUTHOR = 0.1
AUTHORS = 0.6
"""Authors for each work; a few of them wrote much."""
ISBN_SINCE = np.array([1972, 1987, 1987])
"""By language."""
ISBN_GROUP = np.array([0, 7, 7])
HAS_ISBN = 0.92
SET_ISBN = 0.3
"""Share of the sets whose volumes all carry the ISBN of the set."""
LAST_YEAR = 2025
WRAP = 120
"""A long family reaches years that have not been yet; it goes on so much earlier."""

OTHER_EDITION, OTHER_VOLUME, OTHER_YEAR = range(3)
"""How the editions of one work differ."""

# What is drawn for a number; what `members_plan` draws comes before it.
(LANGUAGE, KIND, YEAR, STEP, PAGES, AUTHOR, IS_BY, FAMILY_NAME, GIVEN_NAME, BORN, PUBLISHER,
 REPRINTER, STATED, IS_STATED, IS_COMMON, WHICH, IS_SET, HAS_NUMBER, DONOR, IS_SUBTITLED) = range(
    64, 84
)  # fmt: skip
TITLE, SUBTITLE = 100, 200


class Author(NamedTuple):
    family: str
    given: str
    born: int
    """0 where nobody knows."""


NOBODY = Author("", "", 0)


class Edition(NamedTuple):
    number: int
    work: int
    language: int
    title: str
    subtitle: str
    author: Author
    place: str
    publisher: str
    year: int
    pages: int
    isbn: str
    """13 digits; "" if it has none."""
    short_isbn: str
    """The same in ten."""
    statement: int
    """The number of the edition, 0 if the book says none."""
    volume: int
    """0 if it is not one of several."""
    donor: int


def editions(numbers: Whole, plan: Plan, words: Sequence[Words], donors: int) -> list[Edition]:
    """The editions of these numbers, each with the number of the real record that the rest of
    it comes from."""
    work, nth = plan.work[numbers].astype(np.int64), plan.nth[numbers].astype(np.int64)
    language = np.searchsorted(SHARES, chance(work, LANGUAGE)).astype(np.int64)
    kind = np.where(is_family(work), mixed(work, KIND) % 3, OTHER_EDITION).astype(np.int64)
    year = _years(work, nth, kind)
    columns = (
        numbers.tolist(),
        work.tolist(),
        language.tolist(),
        *_titles(work, language, words),
        _authors(work, language, words, int(plan.work[-1]) + 1),
        *_imprints(numbers, work, nth, kind, language, words),
        year.tolist(),
        _pages(numbers, work, nth, kind).tolist(),
        *_isbns(numbers, nth, work, kind, language, year),
        _statements(work, nth, kind).tolist(),
        np.where(is_family(work) & (kind == OTHER_VOLUME), nth + 1, 0).tolist(),
        (mixed(work, DONOR) % donors).tolist(),
    )
    return [Edition(*row) for row in zip(*columns, strict=True)]


def _years(work: Whole, nth: Whole, kind: Whole) -> Whole:
    """Alone, more often late than early; in a family from early on, two to six years apart (the
    volumes of a set: none or one)."""
    drawn = chance(work, YEAR)
    alone = LAST_YEAR - (75 * drawn**2).astype(np.int64)
    first = np.where(is_family(work), 1955 + (45 * drawn).astype(np.int64), alone)
    apart = np.where(kind == OTHER_VOLUME, mixed(work, STEP) % 2, 2 + mixed(work, STEP) % 5)
    year = first + nth * apart.astype(np.int64)
    return np.where(year > LAST_YEAR, year - WRAP, year)


def _pages(numbers: Whole, work: Whole, nth: Whole, kind: Whole) -> Whole:
    """A reprint has those of the first, another edition some more."""
    first = 48 + (700 * chance(work, PAGES) ** 2).astype(np.int64)
    own = 48 + (700 * chance(numbers, PAGES)).astype(np.int64)
    return np.select([kind == OTHER_VOLUME, kind == OTHER_EDITION], [own, first + 8 * nth], first)


def _statements(work: Whole, nth: Whole, kind: Whole) -> Whole:
    """One book in five says its edition, and each that is another one."""
    said = np.where(mixed(work, STATED) % 3 == 0, 2 + mixed(work, STATED) % 7, 1).astype(np.int64)
    alone = np.where(chance(work, IS_STATED) < 0.2, said, 0)
    return np.where(is_family(work) & (kind == OTHER_EDITION), np.where(nth, nth + 1, 0), alone)


def _titles(work: Whole, language: Whole, words: Sequence[Words]) -> tuple[list[str], list[str]]:
    titles = np.full(len(work), "", object)
    subtitles = np.full(len(work), "", object)
    is_common = chance(work, IS_COMMON) < COMMON
    is_longer = ~is_common & (chance(work, IS_SUBTITLED) < SUBTITLED)
    for number, own in enumerate(words):
        is_own = language == number
        for texts, places, chain, what in (
            (titles, np.flatnonzero(is_own), own.titles, TITLE),
            (subtitles, np.flatnonzero(is_own & is_longer), own.subtitles, SUBTITLE),
        ):
            works = work[places]
            draws = np.stack([mixed(works, what + step) for step in range(WORDS)], 1)
            texts[places] = chain.walk(draws)
        common = np.flatnonzero(is_own & is_common)
        titles[common] = np.array(own.common)[mixed(work[common], WHICH) % len(own.common)]
    return titles.tolist(), subtitles.tolist()


def _authors(work: Whole, language: Whole, words: Sequence[Words], works: int) -> list[Author]:
    author = (AUTHORS * works * chance(work, AUTHOR) ** 1.5).astype(np.int64)
    born = np.where(chance(author, BORN) < 0.6, 1890 + mixed(author, BORN) % 90, 0).astype(np.int64)
    rows = zip(
        language.tolist(),
        (chance(work, IS_BY) < NO_AUTHOR).tolist(),
        mixed(author, FAMILY_NAME).tolist(),
        mixed(author, GIVEN_NAME).tolist(),
        born.tolist(),
        strict=True,
    )
    return [NOBODY if alone else _author(words[at], *drawn) for at, alone, *drawn in rows]


def _author(words: Words, family: int, given: int, born: int) -> Author:
    first = words.given[given % len(words.given)] if words.given else ""
    return Author(words.families[family % len(words.families)], first, born)


def _imprints(
    numbers: Whole,
    work: Whole,
    nth: Whole,
    kind: Whole,
    language: Whole,
    words: Sequence[Words],
) -> tuple[list[str], list[str]]:
    """Places and publishers; every other reprint is another publisher's."""
    is_other = (nth > 0) & (kind == OTHER_YEAR) & (mixed(numbers, REPRINTER) % 2 == 0)
    drawn = np.where(is_other, mixed(numbers, REPRINTER), mixed(work, PUBLISHER)).tolist()
    lists = [own.publishers for own in words]
    found = [
        lists[at][one % len(lists[at])] for at, one in zip(language.tolist(), drawn, strict=True)
    ]
    return [place for place, _ in found], [name for _, name in found]


def _isbns(
    numbers: Whole,
    nth: Whole,
    work: Whole,
    kind: Whole,
    language: Whole,
    year: Whole,
) -> tuple[list[str], list[str]]:
    """In 13 and in 10 digits, with their check digits (ISO 2108); those of some sets are one."""
    is_of_set = (kind == OTHER_VOLUME) & (chance(work, IS_SET) < SET_ISBN)
    own = np.where(is_of_set, numbers - nth, numbers)
    nine = ISBN_GROUP[language] * 10**8 + (own * 7919 + 12345) % 10**8
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    long = -(38 + digits @ np.array([3, 1, 3, 1, 3, 1, 3, 1, 3])) % 10
    short = -(digits @ np.arange(10, 1, -1)) % 11
    has_one = (year >= ISBN_SINCE[language]) & (chance(work, HAS_NUMBER) < HAS_ISBN)
    rows = list(zip(has_one.tolist(), nine.tolist(), long.tolist(), short.tolist(), strict=True))
    return (
        [f"978{one:09}{check}" if has else "" for has, one, check, _ in rows],
        [f"{one:09}{'0123456789X'[check]}" if has else "" for has, one, _, check in rows],
    )
