"""The records of one entry put together: what is shown, each value with whose it is.

Where records differ, what most of them say is shown (compared in folded form), the fuller
wording among equals, and then the one whose record key comes first: so the same records give
the same entry, whatever order they came in. Nothing that a member wrote is lost; its own
record stands behind the entry as it was sent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lianguan.engine.record import Holding, Part, Record, Title
from lianguan.engine.text.fold import HAN, TIBETAN, fold
from lianguan.engine.text.names import name_key

RecordKey = str


class Said(NamedTuple):
    """A value, and the records that say so."""

    value: str
    by: tuple[RecordKey, ...]


class Held(NamedTuple):
    """A holding of the record `by`."""

    by: RecordKey
    holding: Holding


class Described(NamedTuple):
    """A record of an entry."""

    by: RecordKey
    record: Record
    title: Title | None
    """The one that is shown of it."""


Values = Callable[[Described], Iterable[str]]


class Shown:
    """An entry of the union catalogue. Each value is worked out when it is first asked for: a
    list of entries needs few of them."""

    title: Said
    subtitle: Said
    parts: Said
    titles: tuple[Said, ...]
    """Other titles: parallel, variant, uniform, the other script."""
    agents: tuple[Said, ...]
    """With dynasty and role: [唐] 李白 著."""
    edition: Said
    place: Said
    publisher: Said
    year: Said
    extent: Said
    series: tuple[Said, ...]
    subjects: tuple[Said, ...]
    classes: tuple[Said, ...]
    languages: tuple[Said, ...]
    format: Said
    """What it is and, unless it is print, on what: "text", "serial electronic", "sound disc"."""
    audience: Said
    isbns: tuple[Said, ...]
    numbers: tuple[Said, ...]
    """Other identifiers, as scheme:value."""
    abstract: Said
    notes: tuple[Said, ...]
    online: tuple[Said, ...]
    holdings: tuple[Held, ...]

    def __init__(self, records: Mapping[RecordKey, Record]) -> None:
        self.described = [
            Described(key, record, record.title) for key, record in sorted(records.items())
        ]
        self.records = tuple(one.by for one in self.described)

    def __getattr__(self, slot: str) -> Any:
        if slot in ONE:
            value: Any = next(iter(_agreed(self.described, ONE[slot], by_count=True)), NOTHING)
        elif slot in EVERY:
            value = tuple(_agreed(self.described, EVERY[slot]))
        elif slot in OTHERS:
            value = OTHERS[slot](self)
        else:
            raise AttributeError(slot)
        self.__dict__[slot] = value
        return value

    def everything(self) -> dict[str, Any]:
        """All its values by name."""
        return {slot: getattr(self, slot) for slot in (*SLOTS, "records")}

    @property
    def libraries(self) -> tuple[str, ...]:
        """The members that have it, in order."""
        return tuple(sorted({key.partition(":")[0] for key in self.records}))


NOTHING = Said("", ())


def merge(records: Mapping[RecordKey, Record]) -> Shown:
    """The entry of these records (at least one)."""
    return Shown(records)


def _agreed(
    described: list[Described], values: Values, *, by_count: bool = False
) -> Iterable[Said]:
    """The different values, each in its fullest wording, in the order of the records; or those
    that most say first."""
    if len(described) == 1:
        return _alone(described[0], values)
    said = [tuple(filter(None, values(one))) for one in described]
    if len(said[0]) <= 1 and all(one == said[0] for one in said):
        return [Said(str(value), tuple(one.by for one in described)) for value in said[0]]
    wordings: dict[str, dict[str, list[RecordKey]]] = defaultdict(lambda: defaultdict(list))
    for one, its in zip(described, said, strict=True):
        for value in dict.fromkeys(its):
            wordings[fold(value) or value][str(value)].append(one.by)
    found = [_fullest(same) for same in wordings.values()]
    if by_count:
        found.sort(key=lambda said: (-len(said.by), *_weight(said.value), said.by))
    return found


def _alone(one: Described, values: Values) -> list[Said]:
    """The different values of the one record there is: most entries have no more."""
    said = [str(value) for value in values(one) if value]
    if len(said) > 1:
        wordings: dict[str, list[str]] = {}
        for value in said:
            wordings.setdefault(fold(value) or value, []).append(value)
        said = [min(same, key=lambda text: (-len(text), text)) for same in wordings.values()]
    by = (one.by,)
    return [Said(value, by) for value in said]


def _fullest(wordings: Mapping[str, list[RecordKey]]) -> Said:
    """Of wordings that mean the same the commonest, then the longest, and all who say so."""
    best = min(wordings, key=lambda text: (-len(wordings[text]), -len(text), text))
    return Said(best, tuple(sorted({key for keys in wordings.values() for key in keys})))


def _weight(value: str) -> tuple[bool, int]:
    """Original script before a transcription, longer before shorter: the smaller comes first."""
    return not (HAN.search(value) or TIBETAN.search(value)), -len(value)


def _other_titles(shown: Shown) -> tuple[Said, ...]:
    """All titles but the one that is shown."""
    folded = fold(shown.title.value)
    found = _agreed(shown.described, _titles)
    return tuple(said for said in found if fold(said.value) != folded)


def _title(one: Described) -> Iterable[str]:
    """The title of the record; another of its titles where it was lost ("?????")."""
    if one.title is None:
        return ()
    if fold(one.title.text):
        return (one.title.text,)
    return (next((text for text in _titles(one) if fold(text)), one.title.text),)


TITLES = frozenset(("proper", "parallel", "variant", "uniform", "former"))


def _titles(one: Described) -> Iterable[str]:
    return (title.text for title in one.record.titles if title.kind in TITLES)


def _subtitle(one: Described) -> Iterable[str]:
    return (" : ".join(one.title.other),) if one.title and one.title.other else ()


def _title_parts(one: Described) -> Iterable[str]:
    return (_parts(one.title.parts),) if one.title and one.title.parts else ()


def _parts(parts: tuple[Part, ...]) -> str:
    return " ".join(" ".join(filter(None, (part.number, part.name))) for part in parts)


def _people(shown: Shown) -> tuple[Said, ...]:
    """Names once each, in the wording of the first record that has most to say of them."""
    wordings: dict[str, str] = {}
    by: dict[str, list[RecordKey]] = defaultdict(list)
    for one in shown.described:
        for name in one.record.agents:
            same = name_key(name) or name.text
            dynasty = f"[{name.dynasty}] " if name.dynasty else ""
            said = f"{dynasty}{name.text} {'，'.join(name.roles)}".strip()
            if len(said) > len(wordings.get(same, "")):
                wordings[same] = said
            if one.by not in by[same]:
                by[same].append(one.by)
    return tuple(Said(wordings[same], tuple(keys)) for same, keys in by.items())


def _held(shown: Shown) -> tuple[Held, ...]:
    return tuple(Held(one.by, h) for one in shown.described for h in one.record.holdings)


def _year(one: Described) -> Iterable[str]:
    if not one.record.years:
        return ()
    years = one.record.years[0]
    if years.kind not in ("span", "serial") or not years.last:
        return (str(years.first),)
    return (f"{years.first}–{'' if years.last == 9999 else years.last}",)


def _format(record: Record) -> str:
    what = "serial" if record.level == "serial" else record.content or "text"
    return f"{what} {record.carrier}" if record.carrier not in ("", "print") else str(what)


def _extent(record: Record) -> str:
    if record.extent is None:
        return ""
    said = record.extent
    return " ; ".join(
        filter(None, (" : ".join(filter(None, (said.text, said.details))), said.size))
    )


def _numbers(record: Record) -> Iterable[str]:
    return (
        f"{i.scheme}:{i.value}"
        for i in record.identifiers
        if i.valid and i.scheme not in ("isbn", "system")
    )


ONE: dict[str, Values] = {
    "title": _title,
    "subtitle": _subtitle,
    "parts": _title_parts,
    "edition": lambda one: (one.record.edition,),
    "place": lambda one: [p.place for p in one.record.publications[:1]],
    "publisher": lambda one: [p.publisher for p in one.record.publications[:1]],
    "year": _year,
    "extent": lambda one: (_extent(one.record),),
    "format": lambda one: (_format(one.record),),
    "audience": lambda one: (one.record.audience,),
    "abstract": lambda one: [n.text for n in one.record.notes if n.kind == "abstract"],
}
"""Slots of which the value that most say is shown."""

EVERY: dict[str, Values] = {
    "series": lambda one: [
        " ; ".join(filter(None, (s.title, s.number))) for s in one.record.series
    ],
    "subjects": lambda one: [s.text for s in one.record.subjects],
    "classes": lambda one: [f"{c.scheme}:{c.number}" for c in one.record.classes],
    "languages": lambda one: one.record.languages,
    "isbns": lambda one: [i.value for i in one.record.identified("isbn")],
    "numbers": lambda one: _numbers(one.record),
    "notes": lambda one: [n.text for n in one.record.notes if n.kind != "abstract"],
    "online": lambda one: [o.url for o in one.record.online],
}
"""Slots of which all values are shown."""

OTHERS: dict[str, Callable[[Shown], Any]] = {
    "titles": _other_titles,
    "agents": _people,
    "holdings": _held,
}

SLOTS = (*ONE, *EVERY, *OTHERS)
