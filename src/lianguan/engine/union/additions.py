"""What other members say of a thing and a member's own record does not.

Nothing that it has is touched: of numbers, headings and titles only those that it lacks are
more; of language, extent, year, abstract and contents only where it says nothing. Holdings,
prices, bar codes and general notes are of the copies of those who wrote them and never go.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lianguan.engine.mapping.numbers import isbn13
from lianguan.engine.record import Identifier, Name, Record, Title
from lianguan.engine.text.fold import HAN, TIBETAN, fold
from lianguan.engine.text.names import name_key


class Addition(NamedTuple):
    """A value that others say."""

    slot: str
    value: Any
    """As in the slot of a record; a text of languages, a number of years."""
    by: tuple[str, ...]
    """The libraries that say so, in order."""


class More(NamedTuple):
    """A row: values of one slot that may be added."""

    slot: str
    values: Callable[[Record], Iterable[Any]]
    """What a record says there."""
    key: Callable[[Any], str]
    """Two values with one key are the same; "" for what is nothing."""
    kind: Callable[[Any], str] = lambda value: ""
    """Of kinds in `once` one value is added, and only where the record has none."""
    once: frozenset[str] | None = frozenset()
    """None stands for all kinds."""
    known: Callable[[Record], Iterable[Any]] | None = None
    """What counts as there already, where that is more than `values`."""
    fits: Callable[[Record, Any], bool] = lambda own, value: True
    stands: Callable[[Record, list[Addition]], bool] = lambda own, found: True
    """All that was found may be added."""


SCHEMES = ("isbn", "issn", "lccn", "oclc", "unified_book_number")
NOT_ALL = frozenset(SCHEMES) - {"isbn"}
OTHER_TITLES = ("parallel", "variant")
NOTES = ("abstract", "contents")
NAME_FIELD = re.compile(r"[17]\d\d")


def _identifiers(record: Record) -> Iterator[Identifier]:
    for one in record.identifiers:
        if one.valid and one.scheme in SCHEMES:
            yield Identifier(one.scheme, one.value)


def _known_numbers(record: Record) -> Iterator[Identifier]:
    """A number that the member has as wrong or cancelled is not brought back."""
    yield from _identifiers(record)
    for one in record.identifiers:
        if one.scheme == "isbn_cancelled":
            yield Identifier("isbn", isbn13(one.value) or one.value)


def _titles(record: Record) -> Iterator[Title]:
    """Other titles, and the title proper for those who have it in another script."""
    for one in record.titles:
        if one.kind in (*OTHER_TITLES, "proper"):
            yield Title(one.kind, one.text, one.other, one.parts, language=one.language)


def _is_other_title(own: Record, title: Title) -> bool:
    if title.kind != "proper":
        return True
    scripts = {_script(one.text) for one in own.titles if one.kind in ("proper", "parallel")}
    return bool(scripts) and _script(title.text) not in scripts


def _script(text: str) -> str:
    return "han" if HAN.search(text) else "tibetan" if TIBETAN.search(text) else "other"


def _agents(record: Record) -> Iterator[Name]:
    """Of headings for names; what was read out of a statement of responsibility or a column may
    be two names or a name and a role run together."""
    for one in record.agents:
        if NAME_FIELD.fullmatch(one.source[-3:]):
            yield one._replace(reading="", link="", source="")


def _headings(record: Record) -> list[Name]:
    """The headings for names that a record has."""
    return list(_agents(record))


def _is_other_agent(own: Record, name: Name) -> bool:
    """Not one that a record with headings names in its statement; nor, since the same person in
    another script is no other person, one in a script that the record has no names in."""
    stated = [*(one.text for one in own.agents), *(one.responsibility for one in own.titles)]
    if _headings(own) and fold(name.text) in fold(" ".join(stated)):
        return False
    scripts = {_script(one.text) for one in own.agents}
    return not scripts or _script(name.text) in scripts


def _reads_statements(own: Record, value: Any) -> bool:
    """Statements of series go before its headings (8xx) wherever series are read: none are added
    to a record that has headings alone."""
    return not own.series or any(one.source[-3:-2] != "8" for one in own.series)


def _has_all_agents(own: Record, found: list[Addition]) -> bool:
    """Headings go before the statement of responsibility wherever agents are read: to a record
    that has none they are added if everybody is among them whom it states."""
    names = [fold(one.value.text) for one in found]
    stated = [] if _headings(own) else [fold(one.text) for one in own.agents]
    return all(any(name in text for name in names) for text in stated)


MORE = (
    More("identifiers", _identifiers, lambda i: f"{i.scheme}:{i.value}", lambda i: i.scheme,
         NOT_ALL, _known_numbers),
    More("titles", _titles, lambda t: fold(t.text), known=lambda r: r.titles,
         fits=_is_other_title),
    More("agents", _agents, name_key, fits=_is_other_agent, stands=_has_all_agents),
    More("years", lambda r: [r.years[0].first] if r.years else [], str, once=None),
    More("extent", lambda r: [r.extent._replace(source="")] if r.extent else [],
         lambda e: fold(e.text) or e.size, once=None),
    More("languages", lambda r: r.languages, str, known=lambda r: r.languages,
         fits=lambda own, value: not own.languages),
    More("series", lambda r: (s._replace(link="", source="") for s in r.series),
         lambda s: fold(s.title), fits=_reads_statements),
    More("subjects", lambda r: (s._replace(link="", source="") for s in r.subjects),
         lambda s: fold(s.text)),
    More("classes", lambda r: (c._replace(source="") for c in r.classes if c.scheme != "other"),
         lambda c: f"{c.scheme}:{c.number.casefold()}"),
    More("notes", lambda r: (n._replace(source="") for n in r.notes if n.kind in NOTES),
         lambda n: f"{n.kind}:{fold(n.text)}", lambda n: n.kind, once=None),
    More("online", lambda r: (o._replace(source="") for o in r.online),
         lambda o: o.url.strip().casefold().rstrip("/")),
)  # fmt: skip
SLOTS = tuple(row.slot for row in MORE)


def additions(own: Record, others: Mapping[str, Record]) -> list[Addition]:
    """What the `others`, by record key, say more; the same whatever order they came in."""
    return [one for row in MORE for one in _more(row, own, others)]


def _more(row: More, own: Record, others: Mapping[str, Record]) -> list[Addition]:
    there = list((row.known or row.values)(own))
    keys, kinds = {row.key(one) for one in there}, {row.kind(one) for one in there}
    said: dict[str, dict[Any, set[str]]] = {}
    for by, record in sorted(others.items()):
        for value in row.values(record):
            key = row.key(value)
            if not key or key in keys or not row.fits(own, value):
                continue
            if not (_is_once(row, value) and row.kind(value) in kinds):
                said.setdefault(key, {}).setdefault(value, set()).add(by.partition(":")[0])
    found = [_fullest(row.slot, wordings) for wordings in said.values()]
    if not row.stands(own, found):
        return []
    return _one_of_a_kind(row, found) if row.once != frozenset() else found


def _is_once(row: More, value: Any) -> bool:
    return row.once is None or row.kind(value) in row.once


def _one_of_a_kind(row: More, found: list[Addition]) -> list[Addition]:
    """Of kinds of which one is added that which most say, then the longer."""
    best: dict[str, Addition] = {}
    kept = [one for one in found if not _is_once(row, one.value)]
    for one in found:
        kind = row.kind(one.value)
        if _is_once(row, one.value) and (kind not in best or _weight(one) < _weight(best[kind])):
            best[kind] = one
    return [*kept, *best.values()]


def _fullest(slot: str, wordings: Mapping[Any, set[str]]) -> Addition:
    """Of wordings that mean the same the commonest, then the longest, and all who say so."""
    best = min(wordings, key=lambda value: (-len(wordings[value]), -len(str(value)), str(value)))
    return Addition(slot, best, tuple(sorted(set().union(*wordings.values()))))


def _weight(one: Addition) -> tuple[int, int, str]:
    return -len(one.by), -len(str(one.value)), str(one.value)


def text_of(one: Addition) -> str:
    """The value as people read it."""
    value = one.value
    if one.slot == "identifiers":
        return f"{value.scheme} {value.value}"
    if one.slot == "classes":
        return f"{value.scheme} {value.number}"
    if one.slot == "online":
        return str(value.url)
    if one.slot == "agents":
        return " ".join((value.text, *value.roles))
    if one.slot == "series":
        return " ; ".join(filter(None, (value.title, value.number)))
    return str(getattr(value, "text", value))
