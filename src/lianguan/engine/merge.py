"""The records of one entry put together: what is shown, each value with whose it is.

Where records differ, what most of them say is shown (compared in folded form), the fuller
wording among equals, and then the one whose record key comes first: so the same records give
the same entry, whatever order they came in. Nothing that a member wrote is lost; its own
record stands behind the entry as it was sent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lianguan.engine.record import Holding, Name, Part, Record, Title
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


def texts(shown: Shown, slots: Iterable[str]) -> tuple[str, ...]:
    """What any of the records says in some slots, each wording once: by all of it an entry is
    found, whatever is shown of it."""
    rows = [VALUES[slot] for slot in slots]
    found = dict.fromkeys(
        value for one in shown.described for values in rows for value in values(one) if value
    )
    return tuple(found)


def _agreed(shown: Shown, values: Values, *, by_count: bool = False) -> list[Said]:
    """The different values, each in its fullest wording, in the order of the records; or those
    that most say first."""
    described, by = shown.described, shown.records
    if len(described) == 1:
        return _unanimous([value for value in values(described[0]) if value], by)
    said = [[value for value in values(one) if value] for one in described]
    is_agreed = said.count(said[0]) == len(said)
    found = _unanimous(said[0], by) if is_agreed else _differing(said, by)
    if by_count and len(found) > 1:
        found.sort(key=lambda said: (-len(said.by), *_weight(said.value), said.by))
    return found


def _unanimous(values: list[str], by: tuple[RecordKey, ...]) -> list[Said]:
    """The different values where all records say the same: most entries have one record, and
    copies of one description agree."""
    if len(values) > 1:
        wordings: dict[str, list[str]] = {}
        for value in values:
            wordings.setdefault(fold(value) or value, []).append(value)
        values = [
            same[0] if len(same) == 1 else min(same, key=lambda text: (-len(text), text))
            for same in wordings.values()
        ]
    return [Said(str(value), by) for value in values]


def _differing(said: list[list[str]], by: tuple[RecordKey, ...]) -> list[Said]:
    wordings: dict[str, dict[str, list[RecordKey]]] = defaultdict(lambda: defaultdict(list))
    for key, values in zip(by, said, strict=True):
        for value in dict.fromkeys(values):
            wordings[fold(value) or value][str(value)].append(key)
    return [_fullest(same) for same in wordings.values()]


def _fullest(wordings: Mapping[str, list[RecordKey]]) -> Said:
    """Of wordings that mean the same the commonest, then the longest, and all who say so."""
    if len(wordings) == 1:
        return next(Said(text, tuple(keys)) for text, keys in wordings.items())
    best = min(wordings, key=lambda text: (-len(wordings[text]), -len(text), text))
    return Said(best, tuple(sorted({key for keys in wordings.values() for key in keys})))


def _weight(value: str) -> tuple[bool, int]:
    """Original script before a transcription, longer before shorter: the smaller comes first."""
    return not (HAN.search(value) or TIBETAN.search(value)), -len(value)


def _other_titles(shown: Shown) -> tuple[Said, ...]:
    """All titles but the one that is shown."""
    first = shown.title.value
    others = [said for said in _agreed(shown, _titles) if said.value != first]
    if not others:
        return ()
    folded = fold(first)
    return tuple(said for said in others if fold(said.value) != folded)


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
    by: dict[str, list[RecordKey]] = {}
    glued = _with_role_in_name(shown) if len(shown.described) > 1 else {}
    for one in shown.described:
        agents = one.record.agents
        is_alone = len(agents) == 1 and len(shown.described) == 1
        for name in agents:
            same = name.text if is_alone else name_key(name) or name.text
            same, said = glued.get(same, same), _with_roles(name)
            if len(said) > len(wordings.get(same, "")):
                wordings[same] = said
            keys = by.setdefault(same, [])
            if one.by not in keys:
                keys.append(one.by)
    return tuple(Said(wordings[same], tuple(keys)) for same, keys in by.items())


def _with_role_in_name(shown: Shown) -> dict[str, str]:
    """What a name and its role are where nothing parts them (央金文) → the name (央金): that is
    nobody else if another record has the two apart."""
    apart = (name for one in shown.described for name in one.record.agents if name.roles)
    return {
        fold(name.text + "".join(name.roles)): name_key(name) or name.text
        for name in apart
        if not name.text.isascii()
    }


def _with_roles(name: Name) -> str:
    if not name.dynasty and not name.roles:
        return name.text.strip()
    dynasty = f"[{name.dynasty}] " if name.dynasty else ""
    return f"{dynasty}{name.text} {'，'.join(name.roles)}".strip()


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

VALUES = {**ONE, **EVERY, "titles": _titles}

OTHERS: dict[str, Callable[[Shown], Any]] = {
    "titles": _other_titles,
    "agents": _people,
    "holdings": _held,
}


def _first(values: Values) -> Callable[[Shown], Said]:
    return lambda shown: next(iter(_agreed(shown, values, by_count=True)), NOTHING)


def _all(values: Values) -> Callable[[Shown], tuple[Said, ...]]:
    return lambda shown: tuple(_agreed(shown, values))


class _Slot(NamedTuple):
    """Works out a value of `Shown` when it is first asked for. It is then found in the entry's
    own `__dict__`: with `__getattr__`, which Python tries after it has failed, an entry takes a
    tenth longer (measured)."""

    name: str
    work_out: Callable[[Shown], Any]

    def __get__(self, shown: Shown, owner: type[Shown]) -> Any:
        value = shown.__dict__[self.name] = self.work_out(shown)
        return value


WORKED_OUT: dict[str, Callable[[Shown], Any]] = {
    **{slot: _first(values) for slot, values in ONE.items()},
    **{slot: _all(values) for slot, values in EVERY.items()},
    **OTHERS,
}
SLOTS = tuple(WORKED_OUT)

for slot, work_out in WORKED_OUT.items():
    setattr(Shown, slot, _Slot(slot, work_out))
