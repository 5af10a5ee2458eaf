"""The neutral record: what any member's description says, whatever format it came in.

Every value is frozen and knows in `source` the field it was read from ("200", "880-245",
a column heading). Texts are as the member wrote them, without the punctuation that its
rules put between areas; keys to compare by are made in `engine.text`.

They are named tuples: made by the million, and three times as fast to make as frozen
dataclasses (docs/decisions/0003).
"""

from collections.abc import Iterator
from typing import NamedTuple


class Identifier(NamedTuple):
    """A number that somebody gave to the thing."""

    scheme: str
    """isbn, issn, lccn, oclc, unified_book_number, national, publisher_number, report, system …"""
    value: str
    """In the normal form of its scheme if `valid`, else as written."""
    valid: bool = True
    note: str = ""
    """Binding or set, as in "(精装)" or "(set)"."""
    price: str = ""
    source: str = ""


class Part(NamedTuple):
    """Number and name of a part: 第一册 · 河流."""

    number: str = ""
    name: str = ""


class Title(NamedTuple):
    """A title. The first with kind `proper` is the title of the record."""

    kind: str
    """proper, parallel, variant, uniform, former, series_added, contained, abbreviated, key …"""
    text: str
    other: tuple[str, ...] = ()
    """Other title information (subtitles), in order."""
    parts: tuple[Part, ...] = ()
    responsibility: str = ""
    language: str = ""
    reading: str = ""
    """Pinyin, Wylie or other transcription as the member gave it; often wrong, never trusted."""
    skip: int = 0
    """Characters of `text` that sorting leaves out ("The ")."""
    link: str = ""
    """Occurrence number that ties a title to the same one in another script."""
    source: str = ""


class Name(NamedTuple):
    """A person, body or meeting with a part in the work."""

    text: str
    kind: str = "person"
    """person, body, meeting, or statement where all there is is the statement of responsibility."""
    roles: tuple[str, ...] = ()
    """As written: 著, 主编, aut, editor."""
    dates: str = ""
    dynasty: str = ""
    """Dynasty or nationality: 唐, 美."""
    first: bool = False
    """The member counts it as the main or an equal author."""
    reading: str = ""
    link: str = ""
    source: str = ""


class Publication(NamedTuple):
    place: str = ""
    publisher: str = ""
    date: str = ""
    kind: str = "publication"
    """publication, manufacture, distribution, copyright."""
    link: str = ""
    source: str = ""


class Years(NamedTuple):
    """When it was published; `last` for what spans years, 9999 while it is still coming."""

    first: int
    last: int | None = None
    kind: str = ""
    """single, reprint (last is then the original's year), span, serial, questionable."""
    source: str = ""


class Extent(NamedTuple):
    text: str
    size: str = ""
    details: str = ""
    accompanying: str = ""
    source: str = ""


class Series(NamedTuple):
    title: str
    number: str = ""
    issn: str = ""
    parts: tuple[Part, ...] = ()
    link: str = ""
    source: str = ""


class Subject(NamedTuple):
    text: str
    """Heading and subdivisions joined by an em dash: 尘肺—护理."""
    kind: str = "topic"
    """topic, person, body, meeting, title, place, form, keyword."""
    link: str = ""
    source: str = ""


class ClassNumber(NamedTuple):
    scheme: str
    """clc, las, ddc, lcc, udc, nlm, sudoc, or the code of $2."""
    number: str
    edition: str = ""
    source: str = ""


class Note(NamedTuple):
    kind: str
    """general, abstract, contents, bibliography, audience, reproduction, edition_history …"""
    text: str
    source: str = ""


class Link(NamedTuple):
    """Another record that this one names."""

    relation: str
    """host, part, other_format, other_edition, translation, original, earlier, later, series …"""
    title: str = ""
    identifiers: tuple[Identifier, ...] = ()
    source: str = ""


class Online(NamedTuple):
    url: str
    text: str = ""
    source: str = ""


class Holding(NamedTuple):
    """What the member says it holds. Not an item: items are rows that people make."""

    library: str = ""
    location: str = ""
    call_number: str = ""
    barcodes: tuple[str, ...] = ()
    copies: int | None = None
    volumes: str = ""
    """What is held of a set or serial, as written, with what is said to be missing."""
    years: str = ""
    """Years of what is held, where the member has them apart."""
    price: str = ""
    note: str = ""
    source: str = ""
    kind: str = ""
    """supplement or index, of what comes with a serial; "" of the thing itself."""
    receipt: str = ""
    """Of a serial: current (it still comes), ordered, ended, or "" where it is not said."""


class Record(NamedTuple):
    """One library's description of one thing. Empty tuples and texts mean: it does not say."""

    number: str = ""
    """The member's own number, as its profile says where to find it; "" if it has none."""
    agency: str = ""
    """Who gave the number (003); part of the record's key only where a member's profile says so."""
    updated: str = ""
    status: str = ""
    """Leader/05: n new, c corrected, d deleted …"""
    type_of_record: str = ""
    """Leader/06 as sent; `content` is what it means for things that libraries hold."""
    holdings_of: str = ""
    """Of a holdings record (type u, v, x, y): the number of the record whose holdings it has."""
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Title, ...] = ()
    agents: tuple[Name, ...] = ()
    edition: str = ""
    publications: tuple[Publication, ...] = ()
    years: tuple[Years, ...] = ()
    extent: Extent | None = None
    series: tuple[Series, ...] = ()
    subjects: tuple[Subject, ...] = ()
    classes: tuple[ClassNumber, ...] = ()
    languages: tuple[str, ...] = ()
    """ISO 639-2 bibliographic codes: chi, tib, eng."""
    original_language: str = ""
    script: str = ""
    country: str = ""
    audience: str = ""
    """juvenile, adult, general, or "" where the record does not say."""
    content: str = ""
    """text, music, sound, video, image, map, software, object, mixed."""
    carrier: str = ""
    """print, electronic, microform, disc, tactile, large_print; "" where it does not say."""
    level: str = ""
    """monograph, serial, part, collection, integrating."""
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    online: tuple[Online, ...] = ()
    holdings: tuple[Holding, ...] = ()

    @property
    def title(self) -> Title | None:
        """The title proper, in the original script where the record has it in two."""
        proper = [title for title in self.titles if title.kind == "proper"]
        linked = [title for title in proper if title.source.startswith("880")]
        return next(iter(linked or proper or self.titles), None)

    @property
    def year(self) -> int | None:
        """The year of publication of this edition, if the record gives one."""
        return self.years[0].first if self.years else None

    def identified(self, scheme: str) -> Iterator[Identifier]:
        """The valid identifiers of one scheme, in order."""
        return (i for i in self.identifiers if i.scheme == scheme and i.valid)


SLOTS = Record._fields
