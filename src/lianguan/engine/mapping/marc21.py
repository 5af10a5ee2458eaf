"""MARC 21 bibliographic records to the neutral record (MARC 21 Format for Bibliographic Data)."""

import re

from lianguan.engine.mapping import numbers
from lianguan.engine.mapping.functions import (
    code_tables,
    coded,
    coded_years,
    country,
    language,
    note,
    parts_of,
    published,
    tidy,
    trim,
    unmarked,
    updated,
    written_years,
)
from lianguan.engine.mapping.holdings import MARC21_ROWS
from lianguan.engine.mapping.names import names_in
from lianguan.engine.mapping.rows import Field, Table, every, row
from lianguan.engine.record import (
    ClassNumber,
    Extent,
    Identifier,
    Link,
    Name,
    Online,
    Publication,
    Series,
    Subject,
    Title,
)

CODES = code_tables("marc21")
"""Codes and tags → what they mean; by table, in codes/marc21.csv."""

AGENT_KINDS = CODES["agent_kinds"]


def title(field: Field) -> list[Title]:
    """Field 245: the title proper and the parallel titles that ISBD marks with "="."""
    if not field.text.isascii():
        field = Field(unmarked(field.text), field.source)
    (text, other), *parallel = _statements(field)
    source = field.source
    skip = int(field.ind2) if field.ind2.isdigit() and source == "245" else 0
    parts = parts_of(field, "n", "p")
    link = field.link
    found = [Title("parallel", *said, link=link, source=source) for said in parallel]
    if text or parts:
        said_by = tidy(field["c"])
        found.insert(0, Title("proper", text, other, parts, said_by, "", "", skip, link, source))
    return found


Statement = tuple[str, tuple[str, ...]]
"""A title and its other title information."""


def _statements(field: Field) -> list[Statement]:
    """What 245 $a and $b say, one statement for each parallel title."""
    main = field["a"] or field["k"] or field["t"]
    rest = field.every("b")
    if _is_simple(main, rest):
        return [(tidy(main), tuple(filter(None, (tidy(rest[0]),))))]
    if " :" not in main and " =" not in main and not any(" :" in b or "=" in b for b in rest):
        return [(tidy(main), tuple(filter(None, map(tidy, rest))))]
    said = main if " :" in main or " =" in main else main + " :"
    said = " ".join((said, *rest))
    return [_statement(part) for part in _apart(said, "=")]


def _is_simple(main: str, rest: list[str]) -> bool:
    """There is one sign, and it stands where the rules want it: 245 $aTitle :$bother /. So it is
    in most records, and nothing has to be looked for between signs."""
    if len(rest) != 1 or main[-2:] != " :":
        return False
    return not ("(" in main or ":" in main[:-1] or "=" in main or ":" in rest[0] or "=" in rest[0])


def _statement(said: str) -> Statement:
    main, *other = _apart(said, ":")
    return tidy(main), tuple(filter(None, map(tidy, other)))


SIGNS = {sign: re.compile(rf"(\s{sign}(?=\s|$))") for sign in "=:"}


def _apart(said: str, sign: str) -> list[str]:
    """The parts between ISBD signs; a sign in brackets is text: (358-467 H. = 968-1072 M.)."""
    parts = [""]
    for piece in SIGNS[sign].split(said):
        if piece[1:] == sign and parts[-1].count("(") <= parts[-1].count(")"):
            parts.append("")
        else:
            parts[-1] += piece
    return parts


VARIANT_KINDS = CODES["variant_kinds"]


def variant(field: Field) -> Title | None:
    """Fields 210, 222, 242, 246, 247: other titles of the same thing."""
    parallel = field.source.endswith("246") and field.ind2 == "1"
    kind = "parallel" if parallel else VARIANT_KINDS.get(field.source[-3:], "variant")
    text = tidy(field["a"])
    other = tuple(filter(None, map(tidy, field.every("b"))))
    parts = parts_of(field, "n", "p")
    if not text and not parts:
        return None
    return Title(kind, text, other, parts, link=field.link, source=field.source)


def uniform(field: Field) -> Title | None:
    """Fields 130, 240, 730, 740 and the titles in name-title entries 700 $t."""
    from_name = bool(field["t"])
    tag = field.source[-3:]
    if tag[1:] in ("00", "10", "11") and not from_name:
        return None
    contained = field.ind2 == "2" or tag in ("700", "710", "711")
    text = tidy(field["t"] if from_name else field["a"])
    parts = parts_of(field, "n", "p") if tag != "711" else ()
    kind = "contained" if contained else ("variant" if tag == "740" else "uniform")
    return Title(kind, text, (), parts, language=field["l"], source=field.source) if text else None


def agent(field: Field) -> Name | None:
    """Fields 1xx and 7xx without a title: who had a part in the work."""
    tag = field.source[-3:]
    if "t" in field and tag[0] == "7":
        return None
    kind = AGENT_KINDS.get(tag, "person")
    text = tidy(" ".join(field.every("ab")) if "b" in field else field["a"])
    if not text:
        return None
    roles = field.every("4j" if kind == "meeting" else "4e")
    return Name(
        text,
        kind,
        tuple(filter(None, map(tidy, roles))) if roles else (),
        tidy(field["d"]),
        "",
        tag[0] == "1",
        "",
        field.link,
        field.source,
    )


def stated_agents(field: Field) -> list[Name]:
    """245 $c where a record has no name headings."""
    return names_in(tidy(field["c"]), field.source)


STANDARD = CODES["standard"]
BY_TAG = CODES["by_tag"]


def other_number(field: Field) -> Identifier | None:
    """Fields 015, 024, 027, 028, 030, 088."""
    tag = field.source[-3:]
    scheme = BY_TAG.get(tag) or STANDARD.get(field.ind1) or field["2"] or "standard"
    text = field["a"].strip()
    if scheme == "ean" and numbers.isbn13(text):
        return Identifier("isbn", text[:13], source=field.source)
    return Identifier(scheme, text, True, field["q"], source=field.source) if text else None


def isbns(field: Field) -> list[Identifier]:
    return numbers.isbns(field, price="c", notes="q")


PUBLICATION = CODES["publication"]


def publications(field: Field) -> list[Publication]:
    """Fields 260 and 264: each publisher with the place before it; the date with the first."""
    is_264 = field.source[-3:] == "264"
    kind = PUBLICATION.get(field.ind2, "publication") if is_264 else "publication"
    return published(field, "abc", kind)


def extent(field: Field) -> Extent | None:
    text, details, size = tidy(field["a"]), tidy(field["b"]), tidy(field["c"])
    with_it = tidy(field["e"]).lstrip("+ ")
    if not (text or details or size or with_it):
        return None
    return Extent(text, size, details, with_it, field.source)


def series(field: Field) -> Series | None:
    text = tidy(field["t"] or field["a"])
    if not text:
        return None
    parts = parts_of(field, "n", "p")
    return Series(text, tidy(field["v"]), field["x"].strip(" ;,"), parts, field.link, field.source)


SUBJECT_KINDS = CODES["subject_kinds"]


def subject(field: Field) -> Subject | None:
    """Fields 600 to 655: heading and subdivisions."""
    heading, divisions = [], []
    for chunk in field.chunks():
        if chunk[0] in "abcdqtnp":
            heading.append(chunk[1:])
        elif chunk[0] in "vxyz":
            divisions.append(tidy(chunk[1:]))
    text = "—".join(filter(None, (tidy(" ".join(heading)), *divisions)))
    kind = SUBJECT_KINDS.get(field.source[-3:], "topic")
    return Subject(text, kind, field.link, field.source) if text else None


def keywords(field: Field) -> list[Subject]:
    said = filter(None, map(tidy, field.every("a")))
    return [Subject(text, "keyword", source=field.source) for text in said]


CLASS_SCHEMES = CODES["class_schemes"]


def class_numbers(field: Field) -> list[ClassNumber]:
    tag = field.source[-3:]
    scheme = CLASS_SCHEMES.get(tag) or field["2"].strip(" .").lower() or "other"
    if tag == "086":
        scheme = "sudoc" if field.ind1 == "0" else (field["2"] or "government")
    edition = field["2"].strip() if tag in ("080", "082") else ""
    said = (trim(text.replace("/", "") if tag == "082" else text) for text in field.every("a"))
    return [ClassNumber(scheme, number, edition, field.source) for number in said if number]


LINK_KINDS = CODES["link_kinds"]


def link(field: Field) -> Link | None:
    """Linking entry fields 760 to 787."""
    said: list[Identifier | None] = [
        *(numbers.an_isbn(z) for z in field.every("z")),
        *(numbers.numbered("issn", x, numbers.issn8(x), "") for x in field.every("x")),
        *(numbers.system_number(w) for w in field.every("w")),
    ]
    text = tidy(field["t"] or field["s"] or field["a"])
    found = tuple(i for i in said if i)
    kind = LINK_KINDS.get(field.source[-3:], "related")
    return Link(kind, text, found, field.source) if text or found else None


def online(field: Field) -> list[Online]:
    text = tidy(" ".join(field.every("3yz")))
    return [Online(url.strip(), text, field.source) for url in field.every("u") if url.strip()]


CONTENT = CODES["content"]
LEVEL = CODES["level"]
FORM_OF_ITEM = CODES["form_of_item"]
MATERIAL = CODES["material"]
CARRIERS = (
    (re.compile(r"electronic|online|web ?site|computer file|digital|pdf", re.I), "electronic"),
    (re.compile(r"micro(?:form|film|fiche|opaque|card)", re.I), "microform"),
    (re.compile(r"braille|tactile", re.I), "tactile"),
    (re.compile(r"large print|large type", re.I), "large_print"),
    (re.compile(r"\b(?:cr|cr[a-z]?)$"), "electronic"),
    (
        re.compile(r"sound (?:disc|recording|cassette)|audio|videorecording|video ?disc|dvd", re.I),
        "disc",
    ),
)
AUDIENCE = CODES["audience"]
YEAR_KINDS = CODES["year_kinds"]


def carrier(text: str) -> str | None:
    """What a general material designation, a carrier term or an extent says of the carrier."""
    return next((kind for pattern, kind in CARRIERS if pattern.search(text)), None)


ROWS = (
    row("number", "001", trim),
    row("agency", "003", trim),
    row("updated", "005", updated),
    row("status", "LDR[5:6]", trim),
    row("type_of_record", "LDR[6:7]", trim),
    row("holdings_of", "004", trim),
    row("identifiers", "020", isbns, every),
    row("identifiers", "022", numbers.issns, every),
    row("identifiers", "010", numbers.normal("lccn", numbers.lccn), every),
    row("identifiers", "035", numbers.system_numbers, every),
    row("identifiers", "015 | 024 | 027 | 028 | 030 | 088", other_number, every),
    row("titles", "245", title, every),
    row("titles", "246 | 242 | 247 | 210 | 222", variant, every),
    row("titles", "130 | 240 | 730 | 740 | 700 | 710 | 711", uniform, every),
    row(
        "agents",
        "100 | 110 | 111 | 700 | 710 | 711 | 720",
        agent,
        every,
        otherwise=("245", stated_agents),
    ),
    row("edition", "250$a", tidy),
    row("publications", "260 | 264", publications, every),
    row(
        "years",
        "008[6:15]",
        coded_years(YEAR_KINDS, "mcdik"),
        every,
        otherwise=("260$c | 264$c", written_years),
    ),
    row("extent", "300", extent),
    row("series", "490 | 440", series, every, otherwise="830 | 800 | 810 | 811"),
    row("subjects", "600 | 610 | 611 | 630 | 648 | 650 | 651 | 655", subject, every),
    row("subjects", "653", keywords, every),
    row("classes", "050 | 055 | 060 | 070 | 080 | 082 | 084 | 086 | 090", class_numbers, every),
    row("languages", "008[35:38] | 041$a", language, every),
    row("original_language", "041$h", language),
    row("country", "008[15:18]", country),
    row("audience", "008[22:23]", coded(AUDIENCE)),
    row("content", "LDR[6:7]", coded(CONTENT)),
    row("carrier", "245$h | 300$a | 338$a | 338$b | 533$a", carrier),
    row("carrier", "007[0:1]", coded(MATERIAL)),
    row("carrier", "008[23:24]", coded(FORM_OF_ITEM)),
    row("level", "LDR[7:8]", coded(LEVEL)),
    row("notes", "520", note("abstract"), every),
    row("notes", "505", note("contents", "agrt"), every),
    row("notes", "500 | 501 | 546 | 550", note("general"), every),
    row("notes", "502", note("dissertation", "abcd"), every),
    row("notes", "504", note("bibliography"), every),
    row("notes", "521", note("audience"), every),
    row("notes", "533", note("reproduction", "abcd"), every),
    row("notes", "534", note("original", "pabcefklmntxz"), every),
    row("notes", "590", note("local"), every),
    row(
        "links",
        "760 | 762 | 765 | 767 | 770 | 772 | 773 | 774 | 775 | 776 | 777 | 780 | 785 | 786 | 787",
        link,
        every,
    ),
    row("online", "856", online, every),
    *MARC21_ROWS,
)

TABLE = Table("marc21", ROWS, linked=True)
