"""The records of one entry put together: what is shown, each value with whose it is.

Where records differ, what most of them say is shown (compared in folded form), the fuller
wording among equals, and then the one whose record key comes first: so the same records give
the same entry, whatever order they came in. Nothing that a member wrote is lost; its own
record stands behind the entry as it was sent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lianguan.engine.record import Holding, Part, Record
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


class Shown(NamedTuple):
    """An entry of the union catalogue."""

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
    records: tuple[RecordKey, ...]

    @property
    def libraries(self) -> tuple[str, ...]:
        """The members that have it, in order."""
        return tuple(sorted({key.partition(":")[0] for key in self.records}))


NOTHING = Said("", ())

Values = Callable[[Record], Iterable[str]]


def merge(records: Mapping[RecordKey, Record]) -> Shown:
    """The entry of these records (at least one)."""
    ordered = dict(sorted(records.items()))

    def one(values: Values) -> Said:
        return next(iter(_agreed(ordered, values, by_count=True)), NOTHING)

    def all_of(values: Values) -> tuple[Said, ...]:
        return tuple(_agreed(ordered, values))

    title = one(_title)
    return Shown(
        title=title,
        subtitle=one(lambda r: [" : ".join(r.title.other)] if r.title and r.title.other else []),
        parts=one(lambda r: [_parts(r.title.parts)] if r.title and r.title.parts else []),
        titles=_without(all_of(_other_titles), title),
        agents=_people(ordered),
        edition=one(lambda r: [r.edition]),
        place=one(lambda r: [p.place for p in r.publications[:1]]),
        publisher=one(lambda r: [p.publisher for p in r.publications[:1]]),
        year=one(_year),
        extent=one(lambda r: [_extent(r)]),
        series=all_of(lambda r: [" ; ".join(filter(None, (s.title, s.number))) for s in r.series]),
        subjects=all_of(lambda r: [s.text for s in r.subjects]),
        classes=all_of(lambda r: [f"{c.scheme}:{c.number}" for c in r.classes]),
        languages=all_of(lambda r: r.languages),
        format=one(lambda r: [_format(r)]),
        audience=one(lambda r: [r.audience]),
        isbns=all_of(lambda r: [i.value for i in r.identified("isbn")]),
        numbers=all_of(_numbers),
        abstract=one(lambda r: [n.text for n in r.notes if n.kind == "abstract"]),
        notes=all_of(lambda r: [n.text for n in r.notes if n.kind != "abstract"]),
        online=all_of(lambda r: [o.url for o in r.online]),
        holdings=tuple(Held(key, h) for key, record in ordered.items() for h in record.holdings),
        records=tuple(ordered),
    )


def _agreed(
    records: Mapping[RecordKey, Record], values: Values, *, by_count: bool = False
) -> list[Said]:
    """The different values, each in its fullest wording, in the order of the records; or those
    that most say first."""
    if len(records) == 1:
        return _alone(*next(iter(records.items())), values)
    wordings: dict[str, dict[str, list[RecordKey]]] = defaultdict(lambda: defaultdict(list))
    for key, record in records.items():
        for value in dict.fromkeys(filter(None, values(record))):
            wordings[fold(value) or value][str(value)].append(key)
    found = [_fullest(said) for said in wordings.values()]
    if by_count:
        found.sort(key=lambda said: (-len(said.by), *_weight(said.value), said.by))
    return found


def _alone(key: RecordKey, record: Record, values: Values) -> list[Said]:
    """The different values of the one record there is: most entries have no more."""
    said = [str(value) for value in dict.fromkeys(filter(None, values(record)))]
    if len(said) > 1:
        wordings: dict[str, list[str]] = defaultdict(list)
        for value in said:
            wordings[fold(value) or value].append(value)
        said = [min(same, key=lambda text: (-len(text), text)) for same in wordings.values()]
    return [Said(value, (key,)) for value in said]


def _fullest(wordings: Mapping[str, list[RecordKey]]) -> Said:
    """Of wordings that mean the same the commonest, then the longest, and all who say so."""
    best = min(wordings, key=lambda text: (-len(wordings[text]), -len(text), text))
    return Said(best, tuple(sorted({key for keys in wordings.values() for key in keys})))


def _weight(value: str) -> tuple[bool, int]:
    """Original script before a transcription, longer before shorter: the smaller comes first."""
    return not (HAN.search(value) or TIBETAN.search(value)), -len(value)


def _without(titles: tuple[Said, ...], shown: Said) -> tuple[Said, ...]:
    return tuple(said for said in titles if fold(said.value) != fold(shown.value))


def _title(record: Record) -> Iterable[str]:
    """The title of the record; another of its titles where it was lost ("?????")."""
    if record.title is None:
        return []
    titles = [record.title.text, *_other_titles(record)]
    return [next((text for text in titles if fold(text)), record.title.text)]


def _other_titles(record: Record) -> Iterable[str]:
    kinds = ("proper", "parallel", "variant", "uniform", "former")
    return (t.text for t in record.titles if t.kind in kinds)


def _parts(parts: tuple[Part, ...]) -> str:
    return " ".join(" ".join(filter(None, (part.number, part.name))) for part in parts)


def _people(records: Mapping[RecordKey, Record]) -> tuple[Said, ...]:
    """Names once each, in the wording of the first record that has most to say of them."""
    wordings: dict[str, str] = {}
    by: dict[str, list[RecordKey]] = defaultdict(list)
    for key, record in records.items():
        for name in record.agents:
            same = name_key(name) or name.text
            dynasty = f"[{name.dynasty}] " if name.dynasty else ""
            said = f"{dynasty}{name.text} {'，'.join(name.roles)}".strip()
            if len(said) > len(wordings.get(same, "")):
                wordings[same] = said
            if key not in by[same]:
                by[same].append(key)
    return tuple(Said(wordings[same], tuple(keys)) for same, keys in by.items())


def _year(record: Record) -> Iterable[str]:
    if not record.years:
        return []
    years = record.years[0]
    if years.kind not in ("span", "serial") or not years.last:
        return [str(years.first)]
    return [f"{years.first}–{'' if years.last == 9999 else years.last}"]


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
