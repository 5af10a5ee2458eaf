"""Rules of other programs, each re-stated in a few lines from its description, on our neutral
records: so they get what our readers and mappings make of a record, and are judged by their rule
alone. What is left out of a rule, or was chosen where its description leaves a choice, is said
with it. None of their code is here.
"""

import re
import unicodedata
from collections.abc import Callable

from lianguan.engine.match.features import features_of
from lianguan.engine.record import Record, Title
from lianguan.engine.text.fold import fold

Peer = Callable[[Record, Record], bool]
"""Whether the rule takes two records for one."""


def numbers(record: Record, *schemes: str) -> set[tuple[str, str]]:
    return {(n.scheme, n.value) for n in record.identifiers if n.valid and n.scheme in schemes}


def same_isbn(a: Record, b: Record) -> bool:
    """One ISBN in common, and nothing else is looked at."""
    return bool(numbers(a, "isbn") & numbers(b, "isbn"))


def folded_title(a: Record, b: Record) -> bool:
    """Title proper, folded as ours are, equal; volumes told apart by nothing."""
    return bool(_title(a)) and _title(a) == _title(b)


def title_and_agent(a: Record, b: Record) -> bool:
    """Folded title proper and first agent equal."""
    first, second = features_of(a), features_of(b)
    if not (first.titles and first.agents and second.titles and second.agents):
        return False
    return (first.titles[0], first.agents[0]) == (second.titles[0], second.agents[0])


def _title(record: Record) -> str:
    return fold(record.title.text) if record.title else ""


NUMBERS = ("isbn", "issn", "lccn", "oclc")
WORDS = 4


def two_numbers(a: Record, b: Record) -> bool:
    """The rule of union catalogues: two numbers of ISBN, ISSN, LCCN and OCLC in common, or one
    and the first four words of the title. Words are those between spaces."""
    shared = numbers(a, *NUMBERS) & numbers(b, *NUMBERS)
    if len(shared) != 1:
        return len(shared) > 1
    first, second = (plain(one.title.text).split()[:WORDS] if one.title else [] for one in (a, b))
    return bool(first) and first == second


def plain(text: str) -> str:
    """Small letters and digits without accents, words apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", bare.lower()).split())


# RecordManager

MOST_BYTES = 255
MOST_TITLE, MOST_AUTHOR = 10, 20
"""Per cent of the first one's length by which the two may be apart."""
MOST_PAGES = 10


def record_manager(a: Record, b: Record) -> bool:
    """RecordManager's check of a candidate (its keys, by which candidates are found, are left out,
    in its favour). Another format is refused; a common ISBN or national number is enough; then
    years, pages and series are compared, and titles and authors letter by letter, in bytes."""
    if (a.content, a.carrier, a.level) != (b.content, b.carrier, b.level):
        return False
    if numbers(a, "isbn", "national") & numbers(b, "isbn", "national"):
        return True
    return not _refused(a, b) and _near_titles(a, b) and _near_authors(a, b)


def _refused(a: Record, b: Record) -> bool:
    issns, others = numbers(a, "issn"), numbers(b, "issn")
    if issns and others and not issns & others:
        return True
    years = [one.years[0].first if one.years else 0 for one in (a, b)]
    pages = [features_of(one).pages for one in (a, b)]
    series = [one.series[0].number if one.series else "" for one in (a, b)]
    return (
        (all(years) and years[0] != years[1])
        or (all(pages) and abs(pages[0] - pages[1]) > MOST_PAGES)
        or series[0] != series[1]
    )


def _near_titles(a: Record, b: Record) -> bool:
    first, second = (plain(whole_title(one.title)) for one in (a, b))
    if not first or not second:
        return False
    return apart(first, second) < MOST_TITLE * len(first.encode()) / 100


def _near_authors(a: Record, b: Record) -> bool:
    """The main author; one who is named in one record only is a refusal. (That a surname and
    the beginnings of given names are enough is part of the rule.)"""
    first, second = (plain(one.agents[0].text) if one.agents else "" for one in (a, b))
    if not first or not second:
        return first == second
    if _names_agree(first.split(), second.split()):
        return True
    return apart(first, second) <= MOST_AUTHOR * len(first) / 100


def _names_agree(first: list[str], second: list[str]) -> bool:
    """Word by word one begins with the other; surnames are whole."""
    if first[0] != second[0]:
        return False
    return all(
        x.startswith(y) or y.startswith(x) for x, y in zip(first[1:], second[1:], strict=False)
    )


def whole_title(title: Title | None) -> str:
    """Title, subtitles and parts, as one."""
    if title is None:
        return ""
    parts = [word for part in title.parts for word in (part.number, part.name)]
    return " ".join(filter(None, (title.text, *title.other, *parts)))


def apart(a: str, b: str) -> int:
    """The fewest changes of a byte that make one of the other, of their first 255 bytes."""
    first, second = a.encode()[:MOST_BYTES], b.encode()[:MOST_BYTES]
    if first == second:
        return 0
    row = list(range(len(second) + 1))
    for i, byte in enumerate(first, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(second, 1):
            cost = before + (byte != other)
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, cost)
    return row[-1]


# Gold Rush

EDITIONS = "fir sec thi fou fif six sev eig nin ten".split()
ARTICLES = re.compile(r"^ *(?:a|an|the) +", re.IGNORECASE)


def gold_rush(a: Record, b: Record) -> bool:
    """The key of the Colorado Alliance's Gold Rush, 2024: equal or not."""
    return bool(a.title) and gold_rush_key(a) == gold_rush_key(b)


def gold_rush_key(record: Record) -> tuple[str, ...]:
    """Title of 70 letters, year, pages, edition, publisher of 5 letters, type of record, names and
    number of parts, first author of 5 Latin letters, SuDoc number, electronic or not. Taken here:
    of two years the later one; of the pages the first figure; that the inclusive dates of archives
    are left out, which our record does not keep apart."""
    title = record.title or Title("proper", "")
    said = [title.text, *title.other[:1], *[part.name for part in title.parts[:1]]]
    author = re.sub(r"[^a-zA-Z0-9]", "", _bare(record.agents[0].text)) if record.agents else ""
    return (
        "".join(_letters(text) for text in said)[:70],
        _later_year(record),
        "".join(re.findall(r"\d+", record.extent.text)[:1])[:4] if record.extent else "",
        _edition(record.edition),
        _letters(record.publications[0].publisher)[:5] if record.publications else "",
        record.type_of_record,
        "".join(_letters(part.name)[:10] for part in title.parts[1:])[:30],
        _letters(title.parts[0].number)[:10] if title.parts else "",
        author[:5].lower(),
        "".join(one.number for one in record.classes if one.scheme == "sudoc"),
        "e" if record.carrier == "electronic" else "p",
    )


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _letters(text: str) -> str:
    kept = re.sub(r"[^\w]|_", "", _bare(ARTICLES.sub("", text).replace("&", "and")))
    return kept.lower()


def _later_year(record: Record) -> str:
    years = record.years[0] if record.years else None
    if years is None:
        return "0000"
    is_known = years.last and years.last != 9999
    return str(years.last if is_known else years.first)


def _edition(text: str) -> str:
    """A figure or an ordinal in English that it begins with; else the first edition."""
    said = _bare(text).strip().lower()
    figure = re.match(r"\d{1,3}", said)
    if figure:
        return figure[0]
    return str(EDITIONS.index(said[:3]) + 1) if said[:3] in EDITIONS else "1"


PEERS: dict[str, Peer] = {
    "same ISBN": same_isbn,
    "folded title": folded_title,
    "folded title and first agent": title_and_agent,
    "two numbers, or one and four words": two_numbers,
    "RecordManager's rule": record_manager,
    "Gold Rush's key": gold_rush,
}
