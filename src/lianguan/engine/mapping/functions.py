"""Row functions that more than one format uses: from a field or a text to a neutral value."""

import csv
import re
from functools import cache, lru_cache
from importlib import resources

from lianguan.engine.mapping.rows import Field, RowFunction
from lianguan.engine.record import Note, Part, Publication, Years

ISBD = " /:;=,،؛\u00a0\t"
SHORT = frozenset(
    "ed eds etc al Inc Co Corp Ltd Jr Sr Dr St vol vols no nos pt pts rev pub dept govt "
    "print Print Off Univ ca cm mm".split()
)
"""Words whose full stop is their own."""
LAST_WORD = re.compile(r"\w*\Z")
YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)")
REPUBLIC = re.compile(r"民國?国?\s*(\d{1,2})\s*年?")
NON_SORTING = re.compile("[\x88\x98](.*?)[\x89\x9c]")
MARKS = str.maketrans("", "", "\x88\x89\x98\x9c")


def unmarked(text: str) -> str:
    """The text without marks for non-sorting characters."""
    return text.translate(MARKS) if "\x98" in text or "\x88" in text else text


def trim(text: str) -> str:
    """The text without spaces around it and marks for non-sorting characters."""
    return unmarked(text).strip()


def tidy(text: str) -> str:
    """The text without the punctuation that cataloguing rules put around an area (ISBD)."""
    text = text.strip(ISBD)
    if text[-1:] == "." and text[-2:] != ".." and not is_abbreviated(text[-7:-1]):
        text = text[:-1].rstrip(ISBD)
    return text


@lru_cache(1 << 14)
def is_abbreviated(end: str) -> bool:
    """Whether the last word of a text's end is an initial or an abbreviation."""
    match = LAST_WORD.search(end)
    word = match[0] if match else ""
    return word in SHORT or (len(word) == 1 and word.isascii() and word.isalpha())


def parts_of(field: Field, number: str, name: str) -> tuple[Part, ...]:
    """Numbers and names of parts in their order: each number with the name after it."""
    if number not in field and name not in field:
        return ()
    parts: list[Part] = []
    for chunk in field.chunks():
        code = chunk[0]
        if code != number and code != name:
            continue
        text = tidy(chunk[1:])
        if not text:
            continue
        if code == number:
            parts.append(Part(text))
        elif parts and not parts[-1].name:
            parts[-1] = Part(parts[-1].number, text)
        else:
            parts.append(Part("", text))
    return tuple(parts)


def non_sorting(text: str) -> int:
    """Length of what stands between the marks for non-sorting characters at the beginning."""
    match = NON_SORTING.match(text)
    return len(match[1]) if match else 0


def coded_years(kinds: dict[str, str], spans: str) -> RowFunction:
    """A row function: type of date and two dates, as in 008/06-14 of MARC 21 and 100$a/8-16
    of UNIMARC. `kinds` names the types; in those of `spans` the second date is the last year."""

    def read(text: str) -> Years | None:
        first = _coded_year(text[1:5], "0")
        if first is None or not 1000 <= first <= 2100:
            return None
        if not text[1:5].isdigit():
            return Years(first, _coded_year(text[1:5], "9"), "questionable")
        last = _coded_year(text[5:9], "9") if text[0] in spans else None
        return Years(first, last, kinds.get(text[0], ""))

    return read


def _coded_year(digits: str, unknown: str) -> int | None:
    filled = re.sub(r"[uU?x|\- ]", unknown, digits)
    return int(filled) if digits[:2].isdigit() and len(filled) == 4 and filled.isdigit() else None


def written_years(text: str) -> Years | None:
    """The first year in a date as printed: c1994. [2008] 200710 1994-1996 民国25年."""
    match = REPUBLIC.search(text)
    if match:
        return Years(1911 + int(match[1]), None, "republic")
    found = [int(year) for year in YEAR.findall(text)] or [
        int(year) for year in COMPACT_DATE.findall(text)
    ]
    if not found:
        return None
    span = len(found) > 1 and re.search(r"\d\s*[-–—/～~至]\s*\d", text) is not None
    return Years(found[0], found[-1] if span else None, "span" if span else "")


def published(field: Field, codes: str, kind: str = "publication") -> list[Publication]:
    """Places and publishers in pairs as they stand, the date with the first; `codes` are the
    subfields of place, publisher and date."""
    place, publisher, when = tuple(codes)
    pairs: list[list[str]] = []
    date = ""
    for chunk in field.chunks():
        code = chunk[0]
        if code == publisher:
            if not pairs or pairs[-1][1]:
                pairs.append(["", ""])
            pairs[-1][1] = tidy(chunk[1:])
        elif code == place and (not pairs or pairs[-1][1]):
            pairs.append([tidy(chunk[1:]).strip("[]"), ""])
        elif code == when and not date:
            date = tidy(chunk[1:])
    link, source = field.link, field.source
    if len(pairs) == 1 or (date and not pairs):
        where, who = pairs[0] if pairs else ("", "")
        return [Publication(where, who, date, kind, link, source)]
    return [
        Publication(where, who, "" if i else date, kind, link, source)
        for i, (where, who) in enumerate(pairs)
    ]


def note(kind: str, codes: str = "a") -> RowFunction:
    """A row function: the subfields of a note joined, as a note of one kind."""

    def read(field: Field) -> Note | None:
        text = unmarked(" ".join(field.every(codes))).strip()
        return Note(kind, text, field.source) if text else None

    return read


def code_tables(name: str) -> dict[str, dict[str, str]]:
    """The code tables of a format, from codes/<name>.csv."""
    path = resources.files(__package__).joinpath(f"codes/{name}.csv")
    tables: dict[str, dict[str, str]] = {}
    for line in csv.DictReader(path.read_text("utf-8").splitlines()):
        tables.setdefault(line["table"], {})[line["code"]] = line["means"]
    return tables


@cache
def languages() -> dict[str, str]:
    """Other codes and names of languages → ISO 639-2/B."""
    path = resources.files(__package__).joinpath("codes/languages.csv")
    table = {}
    for line in csv.DictReader(path.read_text("utf-8").splitlines()):
        for other in (line["code"], *line["others"].split(), line["zh"], line["en"].lower()):
            table[other] = line["code"]
    return table


def language(text: str) -> list[str]:
    """Language codes; several may be run together, as old rules had it ("engfre")."""
    said = text.strip().lower()
    if said in languages():
        return [languages()[said]]
    if len(said) % 3 or not said.isascii() or not said.isalpha():
        return []
    codes = [said[i : i + 3] for i in range(0, len(said), 3)]
    return [languages().get(code, code) for code in codes if code not in NO_LANGUAGE]


NO_LANGUAGE = frozenset({"und", "zxx", "mul", "mis", "xxx", "n/a"})


def updated(text: str) -> str | None:
    """The timestamp of field 005, or None where it is none."""
    return text.strip() if re.fullmatch(r"\d{8}(?:\d{6}(?:\.\d)?)?", text.strip()) else None


def country(text: str) -> str | None:
    code = text.strip(" |#-").lower()
    return code if code and code not in ("xx", "vp") else None


def coded(table: dict[str, str]) -> RowFunction:
    """A row function: what a table says of a code; None for a code that it does not have."""

    def read(text: str) -> str | None:
        return table.get(text)

    return read
