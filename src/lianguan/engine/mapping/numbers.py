"""Numbers that identify: ISBN, ISSN, LCCN, OCLC and the old Chinese book number."""

import re
from collections.abc import Callable
from operator import mul

from lianguan.engine.mapping.rows import Field, RowFunction
from lianguan.engine.record import Identifier

ISBN = re.compile(r"[0-9][0-9‐-―–—\- ]{8,20}[0-9Xx]|[0-9]{9}[0-9Xx]")
DASHES = str.maketrans("", "", " -‐‑‒–—―")
ISBN_AT_START = re.compile(r"[^0-9]{0,6}([0-9]{13}|[0-9]{9}[0-9X])(?![0-9X])")
BRACKETED = re.compile(r"[(（\[]([^)）\]]{0,99})[)）\]]")
OCLC = re.compile(r"\((?:OCoLC|OCLC)\)\s*(?:ocm|ocn|on)?\s*0*(\d+)", re.IGNORECASE)
ISMN = "9790"
"""What printed music has instead of an ISBN (ISO 10957), under the same 979."""
UNIFIED = re.compile(r"(\d{4,5})\s*[·・•.．]\s*(\d{1,6})")


def isbn13(text: str) -> str | None:
    """The ISBN-13 that `text` begins with, or None. ISBN-10 is converted; a wrong check
    digit is None, not an error (ISO 2108)."""
    digits = text.translate(DASHES).upper()
    match = ISBN_AT_START.match(digits)
    if not match:
        return None
    number = match[1]
    if len(number) == 13:
        is_isbn = number[:3] in ("978", "979") and number[:4] != ISMN
        return number if is_isbn and ean_check(number[:12]) == number[12] else None
    if isbn10_check(number[:9]) != number[9]:
        return None
    return "978" + number[:9] + ean_check("978" + number[:9])


def ean_check(twelve: str) -> str:
    """The check digit of the first twelve digits of an EAN-13."""
    figures = twelve.encode()
    weighted = sum(figures[::2]) + 3 * sum(figures[1::2]) - 24 * ZERO
    return str(-weighted % 10)


ZERO = ord("0")
"""What each byte of figures in ASCII is too much: to add bytes is three times as fast as to make
a number of each figure (measured)."""


def isbn10_check(nine: str) -> str:
    """The check character of the first nine digits of an ISBN-10."""
    weighted = sum(map(mul, range(10, 1, -1), nine.encode())) - 54 * ZERO
    return "0123456789X"[-weighted % 11]


def issn8(text: str) -> str | None:
    """An ISSN as NNNN-NNNN, or None where there is none or its check digit is wrong (ISO 3297)."""
    match = re.search(r"\b(\d{4})[-–— ]?(\d{3}[\dXx])\b", text)
    if not match:
        return None
    number = (match[1] + match[2]).upper()
    weighted = sum(weight * int(d) for weight, d in zip(range(8, 1, -1), number, strict=False))
    return f"{number[:4]}-{number[4:]}" if "0123456789X"[-weighted % 11] == number[7] else None


def an_isbn(text: str, *, note: str = "", price: str = "", source: str = "") -> Identifier | None:
    """The identifier in an ISBN subfield, invalid where it is no ISBN; None for prices alone."""
    if note:
        note = note.strip(" ()（）:;")
    if "(" in text or "（" in text:
        note = "; ".join(filter(None, [*BRACKETED.findall(text), note]))
    number = isbn13(text)
    if number:
        return Identifier("isbn", number, True, note, price, source)
    plain = BRACKETED.sub("", text).strip(" :;.")
    return Identifier("isbn", plain, False, note, price, source) if plain else None


def isbns(field: Field, *, price: str, notes: str) -> list[Identifier]:
    """The ISBNs of a MARC field: $a valid unless its check digit says no, $z never."""
    chunks = field.chunks()
    is_alone = len(chunks) == 1  # then nothing says a price or what it is the number of
    note = "" if is_alone else "; ".join([c[1:] for c in chunks if c[0] in notes and len(c) > 1])
    cost = "" if is_alone else field[price]
    found = []
    for chunk in chunks:
        if chunk[0] not in "az":
            continue
        number = an_isbn(chunk[1:], note=note, price=cost, source=field.source)
        if number:
            found.append(number if chunk[0] == "a" else _cancelled(number))
    return found


def _cancelled(number: Identifier) -> Identifier:
    return Identifier("isbn_cancelled", number.value, False, number.note, "", number.source)


def issns(field: Field) -> list[Identifier]:
    said = [(text, issn8(text)) for text in field.every("a")]
    return [
        Identifier("issn", number or text.strip(), number is not None, "", "", field.source)
        for text, number in said
    ]


def plain(scheme: str, codes: str = "a") -> RowFunction:
    """A row function: numbers of a scheme that has no normal form of its own."""

    def read(field: Field) -> list[Identifier]:
        said = (text.strip() for text in field.every(codes))
        return [Identifier(scheme, text, source=field.source) for text in said if text]

    return read


def normal(scheme: str, form: Callable[[str], str | None]) -> RowFunction:
    """A row function: numbers of a scheme in the form that `form` gives them, else not valid."""

    def read(field: Field) -> list[Identifier]:
        found = (numbered(scheme, text, form(text), field.source) for text in field.every("a"))
        return [number for number in found if number]

    return read


def system_numbers(field: Field) -> list[Identifier]:
    """035 $a: OCLC numbers by their own scheme, others as another system's."""
    return [system_number(text, field.source) for text in field.every("a") if text.strip()]


def system_number(text: str, source: str = "") -> Identifier:
    number = oclc(text)
    if number:
        return Identifier("oclc", number, source=source)
    return Identifier("system", text.strip(), source=source)


def lccn(text: str) -> str | None:
    """A Library of Congress number in its normal form (LC, "LCCN Namespace", normalisation)."""
    number = text.replace(" ", "").split("/")[0]
    if "-" in number:
        year, serial = number.split("-", 1)
        number = year + serial.rjust(6, "0")
    return number.lower() if re.fullmatch(r"[A-Za-z]{0,3}\d{8,10}", number) else None


def oclc(text: str) -> str | None:
    match = OCLC.match(text) if text[:1] == "(" else None
    return match[1] if match else None


def unified_book_number(text: str) -> str | None:
    """统一书号, used in China before 1987: class and publisher, a dot, a running number."""
    match = UNIFIED.search(text)
    return f"{match[1]}·{match[2]}" if match else None


def numbered(scheme: str, text: str, number: str | None, source: str) -> Identifier | None:
    """An identifier in its normal form, or as written and not valid; None for an empty text."""
    if number:
        return Identifier(scheme, number, True, "", "", source)
    return Identifier(scheme, text.strip(), False, "", "", source) if text.strip() else None
