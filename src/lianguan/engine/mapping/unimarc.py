"""UNIMARC bibliographic records to the neutral record (UNIMARC Bibliographic, 3rd edition)."""

import re

from lianguan.engine.mapping import numbers
from lianguan.engine.mapping.functions import (
    code_tables,
    coded,
    coded_years,
    country,
    language,
    languages,
    non_sorting,
    note,
    parts_of,
    published,
    trim,
    updated,
    written_years,
)
from lianguan.engine.mapping.holdings import UNIMARC_ROWS
from lianguan.engine.mapping.names import names_in
from lianguan.engine.mapping.rows import Field, RowFunction, Table, every, row
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

CODES = code_tables("unimarc")
"""Codes and tags → what they mean; by table, in codes/unimarc.csv."""


def _every(field: Field, codes: str) -> tuple[str, ...]:
    return tuple(filter(None, map(trim, field.every(codes))))


def title(field: Field) -> list[Title]:
    """Field 200: the title proper; further $a (works in one volume) and $d (parallel titles)."""
    main, *more = field.every("a") or [""]
    text = trim(main)
    found = [
        Title(
            "proper",
            text,
            _every(field, "e"),
            parts_of(field, "h", "i") + parts_of(field, "v", ""),
            "；".join(_every(field, "fg")),
            reading=trim(field["9"] or field["A"]),
            skip=non_sorting(main),
            link=field.link,
            source=field.source,
        )
    ]
    if not text and not found[0].parts:
        found = []
    language_said = languages().get(field["z"].strip().lower(), field["z"].strip())
    found += [Title("contained", trim(t), source=field.source) for t in more if trim(t)]
    found += [
        Title("parallel", t, language=language_said, source=field.source)
        for t in _every(field, "d")
    ]
    return found


TITLE_KINDS = CODES["title_kinds"]


def variant(field: Field) -> Title | None:
    """Fields 500 to 545: other titles of the same thing."""
    text = trim(field["a"])
    if not text:
        return None
    return Title(
        TITLE_KINDS.get(field.source, "variant"),
        text,
        _every(field, "e"),
        parts_of(field, "h", "i"),
        language=field["z"] or field["m"],
        reading=trim(field["9"] or field["A"]),
        skip=non_sorting(field["a"]),
        source=field.source,
    )


BRACKETS = re.compile(r"^[(（\[〔]([^)）\]〕]{1,10})[)）\]〕]\s*")


def agent(field: Field) -> Name | None:
    """Fields 700 to 722: who had a part in the work. Roles are codes or words."""
    if field.ind1 == "A":
        return None
    name = trim(field["a"]).rstrip(",，")
    match = BRACKETS.match(name)
    if match:
        name = name[match.end() :]
    if field.source[1] == "1":
        name = ". ".join((name, *_every(field, "b")))
    elif field["b"] and field.ind2 != "0":
        name = f"{name}, {trim(field['b']).lstrip(',， ')}"
    said = trim(field["f"]).strip("()（）")
    numbers_in_it = any(c.isdigit() for c in said)
    return (
        None
        if not name
        else Name(
            name,
            "person" if field.source[1] in "02" else ("meeting" if field.ind1 == "1" else "body"),
            _every(field, "4"),
            said if numbers_in_it else "",
            (match[1] if match else "")
            or ("" if numbers_in_it else said)
            or trim(field["c"]).strip("()（）"),
            first=field.source[2] in "01",
            reading=trim(field["9"] or field["A"]),
            link=field.link,
            source=field.source,
        )
    )


def stated_agents(field: Field) -> list[Name]:
    """200 $f and $g where a record has no name headings."""
    return [name for text in field.every("fg") for name in names_in(trim(text), field.source)]


def isbns(field: Field) -> list[Identifier]:
    return numbers.isbns(field, price="d", notes="b")


def ean(field: Field) -> list[Identifier]:
    """073: an EAN that is an ISBN counts as one."""
    said = ((text, numbers.isbn13(text)) for text in field.every("a"))
    return [
        Identifier("isbn" if i else "ean", i or t.strip(), source=field.source) for t, i in said
    ]


def publications(field: Field) -> list[Publication]:
    """Fields 210 and 214: each publisher with the place before it; the date with the first."""
    return published(field, "acd")


def extent(field: Field) -> Extent | None:
    said = [trim(field[c]) for c in "acde"]
    text, details, size, with_it = said
    return Extent(text, size, details, with_it.lstrip("+ "), field.source) if any(said) else None


def series(field: Field) -> Series | None:
    text = trim(field["a"])
    if not text:
        return None
    parts = parts_of(field, "h", "i")
    return Series(text, trim(field["v"]), trim(field["x"]), parts, source=field.source)


SUBJECT_KINDS = CODES["subject_kinds"]
HAN = re.compile("[\u3400-\u9fff]")
BETWEEN_KEYWORDS = re.compile(r"[;；,，\s]+")
BETWEEN_HEADINGS = re.compile(r"[；;]")
BETWEEN_DIVISIONS = re.compile(r"[－—]+|--")


def subjects(field: Field) -> list[Subject]:
    """Fields 600 to 608. Headings run together (尘肺－护理；尘肺－康复) are told apart."""
    kind = SUBJECT_KINDS.get(field.source, "topic")
    divisions = _every(field, "xyzj")
    found = []
    for heading in BETWEEN_HEADINGS.split(trim(field["a"])):
        said = [trim(part) for part in BETWEEN_DIVISIONS.split(heading)]
        text = "—".join(filter(None, (*said, *divisions)))
        if text:
            found.append(Subject(text, kind, source=field.source))
    return found


def keywords(field: Field) -> list[Subject]:
    """610: free keywords, in Chinese often several in one subfield between spaces or commas."""
    words: list[str] = []
    for text in field.every("a"):
        words += BETWEEN_KEYWORDS.split(text) if HAN.search(text) else [text]
    return [Subject(w.strip(), "keyword", source=field.source) for w in words if w.strip()]


CLASS_SCHEMES = CODES["class_schemes"]


def class_numbers(field: Field) -> list[ClassNumber]:
    """Class fields; several numbers crammed into one ("R473.59；R598.209") are told apart."""
    scheme = CLASS_SCHEMES.get(field.source) or trim(field["2"]).lower() or "other"
    said = [trim(n) for text in field.every("a") for n in re.split(r"[；;]", text)]
    edition = trim(field["v"])
    return [ClassNumber(scheme, n, edition, field.source) for n in said if n]


LINK_KINDS = CODES["link_kinds"]


def link(field: Field) -> Link | None:
    """Fields 410 to 488: with embedded fields ($1 200 1 $a) or with plain subfields ($t)."""
    embedded, tag = [], ""
    for chunk in field.chunks():
        code, text = chunk[0], chunk[1:]
        if code == "1":
            tag = text[:3]
            if tag == "001":
                embedded.append(("001", trim(text[3:])))
        elif tag and code in "av":
            embedded.append((tag + code, trim(text)))
    said = dict(reversed(embedded))
    text = said.get("200a") or trim(field["t"]) or ("" if tag else trim(field["a"]))
    found = (
        numbers.an_isbn(said.get("010a", "") or field["y"]),
        _issn(said.get("011a", "") or field["x"]),
        numbers.numbered("system", "", said.get("001") or trim(field["0"] or field["3"]), ""),
    )
    identifiers = tuple(i for i in found if i)
    kind = LINK_KINDS.get(field.source, "related")
    return Link(kind, text, identifiers, field.source) if text or identifiers else None


def _issn(text: str) -> Identifier | None:
    return numbers.numbered("issn", text, numbers.issn8(text), "")


def online(field: Field) -> list[Online]:
    text = " ".join(_every(field, "2z3"))
    return [Online(url, text, field.source) for url in _every(field, "u")]


CONTENT = CODES["content"]
LEVEL = CODES["level"]
PHYSICAL = CODES["physical"]
AUDIENCE = CODES["audience"]
YEAR_KINDS = CODES["year_kinds"]
CARRIER_WORDS = (
    (
        re.compile(
            r"电子|網絡|网络|在线|electronic|ressource (?:électronique|en ligne)|online", re.I
        ),
        "electronic",
    ),
    (re.compile(r"缩微|microfi", re.I), "microform"),
    (re.compile(r"盲文|braille", re.I), "tactile"),
    (re.compile(r"大字本|大字版", re.I), "large_print"),
    (re.compile(r"光盘|录音|录像|enregistrement|vidéo|disque", re.I), "disc"),
)


def carrier(text: str) -> str | None:
    """What a general material designation says of the carrier."""
    return next((kind for pattern, kind in CARRIER_WORDS if pattern.search(text)), None)


def script(text: str) -> str:
    return text.strip(" |#")


def audience(codes: str) -> str:
    """Three codes of 100$a/17-19. "em " is what Chinese libraries leave in for everyone, so one
    code for adults makes it a book for all; juvenile is what has only codes of the young."""
    said = {AUDIENCE[code] for code in codes if code in AUDIENCE}
    if said <= {"juvenile"}:
        return "juvenile" if said else ""
    return "adult" if said == {"adult"} else "general"


def present(value: str) -> RowFunction:
    """A row function: `value` wherever the field is there at all."""

    def read(field: Field) -> str:
        return value

    return read


ROWS = (
    row("number", "001", trim),
    row("agency", "003", trim),
    row("updated", "005", updated),
    row("status", "LDR[5:6]", trim),
    row("type_of_record", "LDR[6:7]", trim),
    row("identifiers", "010", isbns, every),
    row("identifiers", "011", numbers.issns, every),
    row("identifiers", "073", ean, every),
    row("identifiers", "020", numbers.plain("national", "b"), every),
    row("identifiers", "022", numbers.plain("government", "b"), every),
    row("identifiers", "071", numbers.plain("publisher_number"), every),
    row("identifiers", "035", numbers.system_numbers, every),
    row("titles", "200", title, every),
    row(
        "titles",
        "500 | 501 | 503 | 510 | 512 | 513 | 514 | 515 | 516 | 517 | 518 | 520",
        variant,
        every,
    ),
    row("titles", "530 | 531 | 532 | 540 | 541 | 545", variant, every),
    row(
        "agents",
        "700 | 701 | 702 | 710 | 711 | 712 | 720 | 721 | 722",
        agent,
        every,
        otherwise=("200", stated_agents),
    ),
    row("edition", "205$a", trim),
    row("publications", "210 | 214", publications, every),
    row(
        "years",
        "100$a[8:17]",
        coded_years(YEAR_KINDS, "abfg"),
        every,
        otherwise=("210$d | 214$d", written_years),
    ),
    row("extent", "215", extent),
    row("series", "225", series, every),
    row("subjects", "600 | 601 | 602 | 604 | 605 | 606 | 607 | 608", subjects, every),
    row("subjects", "610", keywords, every),
    row("classes", "690 | 692 | 675 | 676 | 680 | 686", class_numbers, every),
    row("languages", "101$a", language, every),
    row("original_language", "101$c", language),
    row("script", "100$a[34:36]", script),
    row("country", "102$a", country),
    row("audience", "100$a[17:20]", audience),
    row("content", "LDR[6:7]", coded(CONTENT)),
    row("carrier", "200$b", carrier),
    row("carrier", "135 | 230", present("electronic")),
    row("carrier", "130", present("microform")),
    row("carrier", "215$a", carrier),
    row("carrier", "106$a[0:1]", coded(PHYSICAL)),
    row("level", "LDR[7:8]", coded(LEVEL)),
    row("notes", "330", note("abstract"), every),
    row("notes", "327", note("contents"), every),
    row("notes", "305", note("edition_history"), every),
    row("notes", "320", note("bibliography"), every),
    row("notes", "324", note("reproduction"), every),
    row("notes", "328", note("dissertation"), every),
    row("notes", "333", note("audience"), every),
    row(
        "notes",
        "300 | 302 | 303 | 304 | 306 | 307 | 310 | 311 | 312 | 314 | 321 | 345",
        note("general"),
        every,
    ),
    row(
        "links",
        "410 | 411 | 421 | 422 | 423 | 430 | 431 | 432 | 433 | 434 | 435 | 436 | 437",
        link,
        every,
    ),
    row(
        "links",
        "440 | 441 | 442 | 443 | 444 | 445 | 446 | 447 | 448 | 451 | 452 | 453 | 454",
        link,
        every,
    ),
    row("links", "455 | 456 | 461 | 462 | 463 | 464 | 488", link, every),
    row("online", "856", online, every),
    *UNIMARC_ROWS,
)

TABLE = Table("unimarc", ROWS)
