"""Additions as fields of the member's own format, each with the mark of whose it is.

The mark is $5, the institution to which a field applies, which MARC 21 and UNIMARC both have;
$9 is a pinyin transcription in CNMARC and the number of an authority in Koha
(docs/decisions/0016).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lianguan.engine.record import (
    ClassNumber,
    Extent,
    Identifier,
    Name,
    Note,
    Online,
    Series,
    Subject,
    Title,
)
from lianguan.engine.union.additions import Addition
from lianguan.engine.union.sent import SentField

MARK = "5"
BETWEEN = "—"
"""Between a heading and its subdivisions, as the engine reads them."""

Pairs = list[tuple[str, str]]
Made = tuple[str, str, Pairs] | None
"""Tag, indicators, subfields; None where the format has no place for it."""

ONCE = {"marc21": frozenset({"010", "041"}), "unimarc": frozenset({"101"})}
"""Fields that stand once: not added beside one that could not be read."""


def fields_of(found: Iterable[Addition], dialect: str, there: Iterable[str]) -> list[SentField]:
    """The fields of additions in a dialect; `there` are the tags that the record has."""
    is_unimarc = dialect in ("unimarc", "cnmarc")
    table = UNIMARC if is_unimarc else MARC21
    taken = ONCE["unimarc" if is_unimarc else "marc21"] & set(there)
    fields = []
    for one in _languages_together(found):
        made = table[one.slot](one.value)
        if made and made[0] not in taken and not (made[0] == "091" and dialect == "unimarc"):
            tag, indicators, pairs = made
            said = tuple((code, text) for code, text in pairs if text)
            fields.append(SentField(tag, indicators, (*said, (MARK, one.by[0]))))
    return fields


def _languages_together(found: Iterable[Addition]) -> Iterable[Addition]:
    """Languages stand in one field, whoever says them."""
    several: list[Addition] = []
    for one in found:
        if one.slot == "languages":
            several.append(one)
        else:
            yield one
    if several:
        yield Addition("languages", tuple(one.value for one in several), several[0].by)


NUMBERS_21: Mapping[str, tuple[str, str, str]] = {
    "isbn": ("020", "  ", "{}"),
    "issn": ("022", "  ", "{}"),
    "lccn": ("010", "  ", "{}"),
    "oclc": ("035", "  ", "(OCoLC){}"),
    "unified_book_number": ("024", "8 ", "{}"),
}
NUMBERS_UNI: Mapping[str, tuple[str, str, str]] = {
    "isbn": ("010", "  ", "{}"),
    "issn": ("011", "  ", "{}"),
    "lccn": ("035", "  ", "(DLC){}"),
    "oclc": ("035", "  ", "(OCoLC){}"),
    "unified_book_number": ("091", "  ", "{}"),
}
SUBJECTS_21 = {
    "person": ("600", "14"),
    "body": ("610", "24"),
    "meeting": ("611", "24"),
    "title": ("630", "04"),
    "place": ("651", " 4"),
    "form": ("655", " 4"),
}
SUBJECTS_UNI = {
    "person": ("600", " 0"),
    "body": ("601", "02"),
    "meeting": ("601", "12"),
    "title": ("605", "  "),
    "place": ("607", "  "),
    "form": ("608", "  "),
}
CLASSES_21 = {
    "lcc": ("050", " 4"),
    "nlm": ("060", " 4"),
    "nal": ("070", "  "),
    "udc": ("080", "  "),
    "ddc": ("082", "04"),
    "sudoc": ("086", "0 "),
}
CLASSES_UNI = {"clc": "690", "las": "692", "udc": "675", "ddc": "676", "lcc": "680"}
NOTES_21 = {"abstract": ("520", "  "), "contents": ("505", "0 ")}
NOTES_UNI = {"abstract": ("330", "  "), "contents": ("327", "1 ")}


def _numbers(table: Mapping[str, tuple[str, str, str]]) -> Callable[[Identifier], Made]:
    def made(one: Identifier) -> Made:
        tag, indicators, form = table[one.scheme]
        return tag, indicators, [("a", form.format(one.value))]

    return made


def _title_21(one: Title) -> Made:
    parts = [pair for part in one.parts for pair in (("n", part.number), ("p", part.name))]
    indicators = "31" if one.kind == "parallel" else "3 "
    return "246", indicators, [("a", one.text), *(("b", text) for text in one.other), *parts]


def _title_uni(one: Title) -> Made:
    parts = [pair for part in one.parts for pair in (("h", part.number), ("i", part.name))]
    tag = "510" if one.kind == "parallel" else "517"
    rest = [*(("e", text) for text in one.other), *parts, ("z", one.language)]
    return tag, "1 ", [("a", one.text), *rest]


def _agent_21(one: Name) -> Made:
    tag = {"body": "710", "meeting": "711"}.get(one.kind, "700")
    indicators = "2 " if tag != "700" else "1 " if "," in one.text else "0 "
    word = "j" if tag == "711" else "e"
    roles = [("4" if _is_code(role) else word, role) for role in one.roles]
    return tag, indicators, [("a", one.text), ("d", one.dates), *sorted(roles, reverse=True)]


def _is_code(role: str) -> bool:
    return len(role) == 3 and role.isascii() and role.isalpha() and role.islower()


def _agent_uni(one: Name) -> Made:
    tag = ("71" if one.kind in ("body", "meeting") else "70") + ("1" if one.first else "2")
    roles = [("4", role) for role in one.roles]
    if tag[1] == "1":
        return tag, "12" if one.kind == "meeting" else "02", [("a", one.text), *roles]
    name, comma, given = one.text.partition(", ")
    said = [("a", name), ("b", given), ("c", one.dynasty), ("f", one.dates)]
    return tag, " 1" if comma else " 0", [*said, *roles]


def _extent_21(one: Extent) -> Made:
    said = [("a", one.text), ("b", one.details), ("c", one.size), ("e", one.accompanying)]
    return "300", "  ", said


def _extent_uni(one: Extent) -> Made:
    said = [("a", one.text), ("c", one.details), ("d", one.size), ("e", one.accompanying)]
    return "215", "  ", said


def _series_21(one: Series) -> Made:
    parts = [pair for part in one.parts for pair in (("n", part.number), ("p", part.name))]
    return "490", "0 ", [("a", one.title), *parts, ("x", one.issn), ("v", one.number)]


def _series_uni(one: Series) -> Made:
    parts = [pair for part in one.parts for pair in (("h", part.number), ("i", part.name))]
    return "225", "1 ", [("a", one.title), *parts, ("v", one.number), ("x", one.issn)]


def _subject(
    table: Mapping[str, tuple[str, str]], topic: tuple[str, str], keyword: tuple[str, str]
) -> Callable[[Subject], Made]:
    def made(one: Subject) -> Made:
        tag, indicators = keyword if one.kind == "keyword" else table.get(one.kind, topic)
        if one.kind == "keyword":
            return tag, indicators, [("a", one.text)]
        heading, *divisions = one.text.split(BETWEEN)
        return tag, indicators, [("a", heading), *(("x", text) for text in divisions)]

    return made


def _class_21(one: ClassNumber) -> Made:
    if one.scheme in CLASSES_21:
        edition = one.edition if one.scheme in ("ddc", "udc") else ""
        return *CLASSES_21[one.scheme], [("a", one.number), ("2", edition)]
    return "084", "  ", [("a", one.number), ("2", one.scheme)]


def _class_uni(one: ClassNumber) -> Made:
    tag = CLASSES_UNI.get(one.scheme)
    if tag:
        return tag, "  ", [("a", one.number), ("v", one.edition)]
    return "686", "  ", [("a", one.number), ("2", one.scheme)]


def _note(table: Mapping[str, tuple[str, str]]) -> Callable[[Note], Made]:
    return lambda one: (*table[one.kind], [("a", one.text)])


def _online(indicators: str, code: str) -> Callable[[Online], Made]:
    return lambda one: ("856", indicators, [("u", one.url), (code, one.text)])


def _languages(tag: str, indicators: str) -> Callable[[tuple[str, ...]], Made]:
    return lambda codes: (tag, indicators, [("a", code) for code in codes])


MARC21: Mapping[str, Callable[[Any], Made]] = {
    "identifiers": _numbers(NUMBERS_21),
    "titles": _title_21,
    "agents": _agent_21,
    "years": lambda year: ("264", " 1", [("c", str(year))]),
    "extent": _extent_21,
    "languages": _languages("041", "  "),
    "series": _series_21,
    "subjects": _subject(SUBJECTS_21, ("650", " 4"), ("653", "  ")),
    "classes": _class_21,
    "notes": _note(NOTES_21),
    "online": _online("40", "y"),
}
UNIMARC: Mapping[str, Callable[[Any], Made]] = {
    "identifiers": _numbers(NUMBERS_UNI),
    "titles": _title_uni,
    "agents": _agent_uni,
    "years": lambda year: ("210", "  ", [("d", str(year))]),
    "extent": _extent_uni,
    "languages": _languages("101", "0 "),
    "series": _series_uni,
    "subjects": _subject(SUBJECTS_UNI, ("606", "0 "), ("610", "0 ")),
    "classes": _class_uni,
    "notes": _note(NOTES_UNI),
    "online": _online("4 ", "z"),
}
"""Slot → its field."""
