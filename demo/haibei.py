"""海北州图书馆: CNMARC in GB 18030, from an older system.

Its habits: names in 200$f alone; the volume in brackets behind the title; full-width
punctuation; ISBN without hyphens, of ten digits before 2007; one 905 a copy with other
subfields; the same timestamp in every record. A few records have been damaged on the way.
"""

from collections.abc import Callable

from demo.coded import first_year, general, languages, region, ten_digits, thirteen_digits
from demo.facts import Described, Fact, Issues, described
from demo.iso2709 import Field, control, data, leader, record

ENTERED = "20110308"
ENCODING = "gb18030"


def export() -> bytes:
    """The member's file. Bar codes are its own and collide with the county's."""
    found, barcode = [], 60000000
    for one in described("H"):
        head = leader(one.fact.kind, False)
        written = record(head, _fields(one, barcode), ENCODING)
        found.append(DAMAGE[one.damage](written) if one.damage else written)
        barcode += one.copies
    return b"".join(found)


def _fields(one: Described, barcode: int) -> list[Field]:
    fact = one.fact
    indicators, spoken = languages(fact)
    return [
        control("001", one.number),
        control("005", "20110308000000.0"),
        data("010", "  ", ("a", _number(fact)), ("d", fact.price)),
        data("100", "  ", ("a", general(fact, ENTERED, "0110"))),
        data("101", indicators, *spoken),
        data("102", "  ", ("a", "CN"), ("b", region(fact) or "110000")),
        *_description(one),
        data("606", "  ", ("a", "；".join("－".join(h) for h in fact.headings))),
        data("690", "  ", ("a", fact.clc)),
        data("801", " 0", ("a", "CN"), ("b", "HBZT"), ("c", ENTERED)),
        *(_copy(one, barcode + i + 1) for i in range(one.copies) if not one.issues),
        *(_bound(one, held, barcode + i + 1) for i, held in enumerate(one.issues)),
    ]


def _description(one: Described) -> list[Field]:
    fact = one.fact
    prefix = "{cr:NLC}" if one.damage == "prefix" else ""
    volume = f"（{fact.part_number}）" if fact.part_number and fact.kind == "book" else ""
    return [
        data(
            "200", "1 ", ("a", f"{prefix}{fact.title}{volume}"),
            ("b", "电子资源" if fact.kind == "online" else ""),
            ("d", fact.parallel_title if fact.language == "tib" else ""),
            ("e", fact.subtitle), ("i", fact.part_name), ("f", _statement(fact)),
        ),
        data("205", "  ", ("a", fact.edition)),
        data("210", "  ", ("a", fact.place), ("c", fact.publisher), ("d", _date(fact))),
        data("215", "  ", ("a", fact.extent), ("d", "21cm" if fact.extent else "")),
        data("225", "  ", ("a", fact.series)),
        data("300", "  ", ("a", fact.note)),
    ]  # fmt: skip


def _number(fact: Fact) -> str:
    if not fact.isbn:
        return ""
    is_old = first_year(fact) < "2007"
    return ten_digits(fact.isbn) if is_old else thirteen_digits(fact.isbn)


def _date(fact: Fact) -> str:
    """The year with the dot that the system puts behind it."""
    return f"{fact.year}." if fact.year.isdigit() else fact.year


def _statement(fact: Fact) -> str:
    """（清）曹雪芹，高鹗著；…译: all of it in one subfield."""
    said = []
    for role, agents in fact.by_role:
        names = [f"（{a.origin}）{a.direct}" if a.origin else a.direct for a in agents]
        latin = all(a.direct.isascii() for a in agents)
        said.append(", ".join(names) if latin else "，".join(names) + role)
    return "；".join(said)


def _copy(one: Described, barcode: int) -> Field:
    """One 905 a copy: class and book number apart, no call number, price in $h."""
    fact = one.fact
    place = "藏文书库" if fact.language == "tib" else "外借室"
    return data(
        "905", "  ", ("a", "HBZT"), ("d", fact.clc), ("e", f"{one.sequence:03d}"),
        ("c", place), ("b", str(barcode)), ("h", fact.price.removeprefix("CNY")),
    )  # fmt: skip


def _bound(one: Described, held: Issues, barcode: int) -> Field:
    """One 905 a bound volume of a serial: its year and numbers."""
    return data(
        "905", "  ", ("a", "HBZT"), ("d", one.fact.clc), ("e", f"{one.sequence:03d}"),
        ("c", held.location), ("b", str(barcode)), ("y", held.years), ("v", held.volumes),
    )  # fmt: skip


def _wrong_length(written: bytes) -> bytes:
    return b"%05d" % (int(written[:5]) + 7) + written[5:]


def _wrong_directory(written: bytes) -> bytes:
    """The title's entry says that it is three bytes shorter."""
    at = written.index(b"200", 24)
    length = int(written[at + 3 : at + 7])
    return written[: at + 3] + b"%04d" % (length - 3) + written[at + 7 :]


def _without_marks(written: bytes) -> bytes:
    """An editor has shown the subfield marks as exclamation marks, and saved them so."""
    return written.replace(b"\x1f", b"!")


def _cut(written: bytes) -> bytes:
    """The transfer broke off in the middle; the next record follows at once."""
    return written[: len(written) * 3 // 5] + b"\x1d"


def _without_directory(written: bytes) -> bytes:
    """The directory was overwritten, and the field ends went with it."""
    base = int(written[12:17])
    body = written[base:].replace(b"\x1e", b" ")
    return written[:24] + b" " * (base - 25) + b"\x1e" + body


def _as_it_is(written: bytes) -> bytes:
    return written


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "length": _wrong_length,
    "directory": _wrong_directory,
    "marks": _without_marks,
    "cut": _cut,
    "directory_lost": _without_directory,
    "prefix": _as_it_is,
}
"""What happened to some records. The prefix is written with the title, above."""
