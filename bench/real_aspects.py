"""What is compared with the peers: titles, names, years and identifiers, as lists of texts.

`theirs` takes them from a peer's bare fields with nothing of our mapping; `ours` takes them
from the neutral record. Both are then stripped of the punctuation that stands around areas
(ISBD), so that what is left to differ is a difference of reading.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import isbn, issn

from bench.peers import PeerField, PeerRecord
from lianguan.engine.record import Record

AROUND = " /:;=,.،؛\u00a0\t"
WORD = re.compile(r"[\w\u0f00-\u0fff]+")
Texts = list[str]


def bare(text: str) -> str:
    """A text without the punctuation around an area."""
    return text.strip(AROUND)


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that is compared."""

    name: str
    ours: Callable[[Record], Texts]
    theirs: Callable[[PeerRecord], Texts]
    between: Callable[[Texts, Texts], tuple[Texts, Texts]] | None = None
    """What is left of both where they are not to be equal as they are."""

    def sides(self, record: Record, peer: PeerRecord) -> tuple[Texts, Texts]:
        """Ours and theirs; equal where we read alike."""
        ours, theirs = self.ours(record), self.theirs(peer)
        return self.between(ours, theirs) if self.between else (ours, theirs)


def _our_titles(*tags: str) -> Callable[[Record], list[str]]:
    def ours(record: Record) -> list[str]:
        found = [t for t in record.titles if t.kind == "proper" and t.source[-3:] in tags]
        return [bare(title.text) for title in found if title.text]

    return ours


def _their_titles(tag: str, codes: str) -> Callable[[PeerRecord], list[str]]:
    """The first subfield of the best code in each field."""

    def theirs(peer: PeerRecord) -> list[str]:
        said = [_best(field, codes) for field in peer.tagged([tag])]
        return [bare(text) for text in said if bare(text)]

    return theirs


def _best(field: PeerField, codes: str) -> str:
    return next((text for code in codes if (text := field.first(code))), "")


NAMES = ("100", "110", "111", "700", "710", "711", "720")
UNIMARC_NAMES = ("700", "701", "702", "710", "711", "712", "720", "721", "722")


def _our_names(tags: tuple[str, ...]) -> Callable[[Record], list[str]]:
    def ours(record: Record) -> list[str]:
        return sorted(bare(name.text) for name in record.agents if name.source[-3:] in tags)

    return ours


def _marc21_names(peer: PeerRecord) -> list[str]:
    """$a, with $b where there is one, of every heading that is not one of a title."""
    fields = [f for f in peer.tagged(NAMES) if not (f.first("t") and _is_added(f))]
    said = [" ".join(f.every("ab")) if f.first("b") else f.first("a") for f in fields]
    return sorted(bare(text) for text in said if bare(text))


def _is_added(field: PeerField) -> bool:
    return field.tag[0] == "7" or field.first("6")[:1] == "7"


def _unimarc_names(peer: PeerRecord) -> list[str]:
    """Persons as "$a, $b", bodies as "$a. $b"; the bracketed nationality before a name apart."""
    said = []
    for field in peer.tagged(UNIMARC_NAMES):
        name = re.sub(r"^[(（\[〔][^)）\]〕]{1,10}[)）\]〕]\s*", "", field.first("a").strip())
        name = name.rstrip(",，")
        between = ". " if field.tag[1] == "1" else ", "
        rest = [part.strip(" ,，") for part in field.every("b") if part.strip()]
        said.append(between.join([name, *rest]))
    return sorted(bare(text) for text in said if bare(text))


def _our_year(source: str) -> Callable[[Record], list[str]]:
    def ours(record: Record) -> list[str]:
        return [str(year.first) for year in record.years if year.source == source][:1]

    return ours


def _coded_year(tag: str, begin: int, code: str = "") -> Callable[[PeerRecord], list[str]]:
    """The first date of a coded field, where its century is a number: 1985, 19uu."""

    def theirs(peer: PeerRecord) -> list[str]:
        said = [f.first(code) if code else f.data for f in peer.fields if f.tag == tag]
        years = [text[begin : begin + 4] for text in said]
        return [y for y in years if re.fullmatch(r"(?:1[0-9]|2[01])..", y)][:1]

    return theirs


def _identified(scheme: str) -> Callable[[Record], list[str]]:
    def ours(record: Record) -> list[str]:
        return sorted({number.value for number in record.identified(scheme)})

    return ours


def valid_isbns(texts: list[str]) -> list[str]:
    """The ISBNs with which texts begin, as ISBN-13, where python-stdnum calls them valid."""
    found = set()
    for text in texts:
        words = re.sub(r"[‐-―]", "-", text).split("(")[0].split()
        for word in (words[:1], words):
            number = isbn.compact("".join(word).strip(AROUND)) if word else ""
            if isbn.is_valid(number):
                found.add(isbn.to_isbn13(number))
                break
    return sorted(found)


def _isbns(tag: str) -> Callable[[PeerRecord], list[str]]:
    def theirs(peer: PeerRecord) -> list[str]:
        return valid_isbns([text for f in peer.tagged([tag]) for text in f.every("a")])

    return theirs


def _issns(tag: str) -> Callable[[PeerRecord], list[str]]:
    def theirs(peer: PeerRecord) -> list[str]:
        said = [issn.compact(text[:9]) for f in peer.tagged([tag]) for text in f.every("a")]
        return sorted({issn.format(number) for number in said if issn.is_valid(number)})

    return theirs


def _lccns(peer: PeerRecord) -> list[str]:
    """010 $a without blanks and what follows a slash, the serial number filled to six."""
    said = [text for f in peer.tagged(["010"]) for text in f.every("a")]
    short = [text.replace(" ", "").split("/")[0].lower() for text in said]
    short = [re.sub(r"-(\d+)$", lambda m: m[1].zfill(6), text) for text in short]
    return sorted({text for text in short if re.fullmatch(r"[a-z]{0,3}\d{8,10}", text)})


def _oclc(peer: PeerRecord) -> list[str]:
    said = [text for f in peer.tagged(["035"]) for text in f.every("a") if text[:1] == "("]
    found = [re.match(r"\(OCoLC\)\D{0,3}0*(\d+)", text, re.IGNORECASE) for text in said]
    return sorted({match[1] for match in found if match})


def _number(record: Record) -> list[str]:
    return [record.number] if record.number else []


def _their_number(peer: PeerRecord) -> list[str]:
    number = peer.control("001").strip()
    return [number] if number else []


MARC21 = (
    Aspect("title", _our_titles("245"), _their_titles("245", "akt")),
    Aspect("names", _our_names(NAMES), _marc21_names),
    Aspect("year", _our_year("008"), _coded_year("008", 7)),
    Aspect("ISBN", _identified("isbn"), _isbns("020")),
    Aspect("ISSN", _identified("issn"), _issns("022")),
    Aspect("LCCN", _identified("lccn"), _lccns),
    Aspect("OCLC number", _identified("oclc"), _oclc),
    Aspect("record number", _number, _their_number),
)
UNIMARC = (
    Aspect("title", _our_titles("200"), _their_titles("200", "a")),
    Aspect("names", _our_names(UNIMARC_NAMES), _unimarc_names),
    Aspect("year", _our_year("100"), _coded_year("100", 9, "a")),
    Aspect("ISBN", _identified("isbn"), _isbns("010")),
    Aspect("ISSN", _identified("issn"), _issns("011")),
    Aspect("record number", _number, _their_number),
)


# Tables


def csv_rows(data: bytes, encoding: str) -> list[PeerRecord]:
    """The rows of a table as Python's csv reads them, each cell a field under its heading; those
    with more cells than the heading left out."""
    text = data.decode(encoding)
    dialect = csv.excel_tab if "\t" in text.split("\n", 1)[0] else csv.excel
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    return [
        PeerRecord("", tuple(PeerField(k, v.strip()) for k, v in row.items() if k and v))
        for row in rows
        if None not in row
    ]


def _cells(attribute: str, named: dict[str, str]) -> Callable[[PeerRecord], list[str]]:
    headings = [heading for heading, known in named.items() if known == attribute]

    def theirs(peer: PeerRecord) -> list[str]:
        return [cell for heading in headings if (cell := peer.control(heading))]

    return theirs


def _their_cell_isbns(named: dict[str, str]) -> Callable[[PeerRecord], list[str]]:
    cells = _cells("isbn", named)

    def theirs(peer: PeerRecord) -> list[str]:
        return valid_isbns(cells(peer))

    return theirs


def _their_cell_year(named: dict[str, str]) -> Callable[[PeerRecord], list[str]]:
    cells = _cells("year", named)

    def theirs(peer: PeerRecord) -> list[str]:
        found = [re.search(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)", cell) for cell in cells(peer)]
        return [match[1] for match in found if match][:1]

    return theirs


def _our_words(record: Record) -> list[str]:
    """Names and what was taken off them: their roles and where or when they lived."""
    said = [part for name in record.agents for part in (name.text, *name.roles, name.dynasty)]
    return [part for part in said if part]


def _left_over(ours: Texts, cells: Texts) -> tuple[Texts, Texts]:
    """What we have that the cells have not, and what of the cells is in no name."""
    rest = "\n".join(cells)
    plain = re.sub(r"[(（\[〔][^)）\]〕]*[)）\]〕]", "", rest)
    gone = [part for part in ours if part not in rest and part not in plain]
    rest = plain if any(part not in rest for part in ours) else rest
    for part in sorted(ours, key=len, reverse=True):
        rest = rest.replace(part, "\n")
    return gone, WORD.findall(rest)


def table_aspects(named: dict[str, str]) -> tuple[Aspect, ...]:
    """The aspects of a table whose headings mean `named`."""
    titles = _cells("title", named)
    return (
        Aspect("title", _our_titles("tle"), lambda peer: [bare(t) for t in titles(peer)[:1]]),
        Aspect("names", _our_words, _cells("agent", named), _left_over),
        Aspect("year", _our_year("year"), _their_cell_year(named)),
        Aspect("ISBN", _identified("isbn"), _their_cell_isbns(named)),
        Aspect("record number", _number, lambda peer: _cells("id", named)(peer)[:1]),
    )


ASPECTS = {"marc21": MARC21, "unimarc": UNIMARC, "cnmarc": UNIMARC}
