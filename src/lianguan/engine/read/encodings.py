"""Which encoding a record is in, decided by what its bytes say.

Leaders and headings only break ties: exporters copy them from templates. Where the bytes
allow two readings that would both look like text, the answer is None and the record is set
aside (`encoding_in_doubt`): wrong text that looks right is never found again.
"""

import codecs
import re
from dataclasses import dataclass

UTF8 = "utf-8"
MARC8 = "marc8"
GB18030 = "gb18030"
LATIN1 = "cp1252"
CYRILLIC = "cp1251"

ENCODINGS = (UTF8, MARC8, GB18030, LATIN1, CYRILLIC)
"""Their places are the numbers by which columns name them."""

HIGH_BYTE = re.compile(rb"[\x80-\xff]")
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
GB_PIECE = re.compile(
    rb"(?P<four>[\x81-\xfe][0-9][\x81-\xfe][0-9])"
    rb"|(?P<common>[\xb0-\xd7][\xa1-\xfe])"
    rb"|(?P<sign>[\xa1-\xa9][\xa1-\xfe])"
    rb"|(?P<rare>[\x81-\xfe][\x80-\xfe])"
    rb"|(?P<letter>[\x81-\xfe][@-~])"
    rb"|(?P<stray>[\x80-\xff])"
)
HAN_RUN = re.compile("[\u3400-\u9fff\u3007]+")
NEXT_TO_LATIN = re.compile(rb"(?<!\x1f)[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
ACCENT_IN_WORD = re.compile(rb"(?<!\x1f)[A-Za-z]\xc3[\x80-\xbf][A-Za-z]")
"""An accented letter in UTF-8 between Latin letters, where a Han character hardly stands."""
THREE_BYTES = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
"""What UTF-8 has for Chinese and Tibetan, and other encodings hardly ever have by chance."""
UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
MARKED_LETTER = re.compile(
    rb"[\xe1-\xe4\xe8][AEIOUYaeiouynNcszgCSZ]|\xe5[AEIOUaeiou]|[\xe6\xe9][a-zA-Z]|\xea[AaUu]"
    rb"|[\xe7\xf0\xf1\xf2][a-zA-Z]|\xeb[a-z]\xec[a-z]|[\xae\xb0][a-zA-Z]"
)
"""What MARC-8 has most of: a mark and then its letter, and the two breathings of romanisation."""
NOT_IN_ANSEL = re.compile(rb"[\x80-\x87\x8a-\x8c\x8f-\xa0\xaf\xbb\xbe\xbf\xc9-\xdf\xfc\xfd\xff]")
COPYRIGHT_YEAR = re.compile(rb"\xa9 ?[0-9]{4}")
NOT_IN_WORDS = re.compile(rb"[\x80-\x90\x98\x9d-\x9f\xa2\xa4-\xa6\xac\xad\xb9\xbc-\xbe\xd7\xf7]")
CYRILLIC_LETTER = re.compile(rb"[\xc0-\xff\xa8\xb8]")
CYRILLIC_VOWEL = re.compile(rb"[\xe0\xe5\xe8\xee\xf3\xfb\xfe\xff]")


@dataclass(frozen=True, slots=True)
class Hints:
    """What else is known; used only where the bytes leave a choice."""

    utf8_claimed: bool = False
    """MARC 21 leader/09 is `a`."""
    marc21: bool = False
    """MARC-8 is what a MARC 21 record without that claim should be in."""


def encoding_of(content: bytes, hints: Hints) -> str | None:
    """The encoding of a record's bytes, or None where two would do."""
    if _decodes(content, UTF8):
        if not (hints.marc21 or hints.utf8_claimed) and _two_bytes_may_be_gb(content):
            return None
        return MARC8 if _is_marc8_ascii(content, hints) else UTF8
    found = next((name for name, is_it in CANDIDATES if is_it(content, hints)), None)
    if found == GB18030 and _may_be_broken_utf8(content, hints):
        return UTF8 if _is_mostly_utf8(content, hints) and NEXT_TO_LATIN.search(content) else None
    return found


def agrees(content: bytes, told: str, hints: Hints) -> bool:
    """Whether bytes can be in the encoding that a person named: they decode in it and are not
    plainly in another, or the evidence says the same."""
    if content.isascii() or encoding_of(content, hints) == told:
        return True
    if told != UTF8 and THREE_BYTES.search(content) and _decodes(content, UTF8):
        return False
    return told == MARC8 or _decodes(content, told)


SAME = {"gbk": GB18030, "gb2312": GB18030, "utf-8-sig": UTF8}
"""Encodings that are part of one of ours."""


def encoding_named(name: str) -> str:
    """The encoding that a person names, as it is called here: UTF8, utf_8 and utf-8 are one.
    "" for a name of none that a text can be read in."""
    if name.lower() in (MARC8, "marc-8"):
        return MARC8
    try:
        b"".decode(name)
        known = codecs.lookup(name).name
    except LookupError:
        return ""
    return SAME.get(known, known)


def of_texts(told: str) -> str:
    """The encoding told for files that are no ISO 2709: a member that sends MARC-8 there has
    XML and tables in something else, and their bytes must say what."""
    return "" if told and encoding_named(told) == MARC8 else told


def _may_be_broken_utf8(content: bytes, hints: Hints) -> bool:
    """Bytes that decode as GB but would hardly be what they are if that had been meant: nearly
    all of them, or half of them three by three, are UTF-8, or an accent stands in a word."""
    if _is_mostly_utf8(content, hints) or ACCENT_IN_WORD.search(content):
        return True
    return 6 * len(THREE_BYTES.findall(content)) >= len(HIGH_BYTE.findall(content))


def _is_marc8_ascii(content: bytes, hints: Hints) -> bool:
    """ASCII bytes with escapes, in a record that does not claim UTF-8."""
    return hints.marc21 and not hints.utf8_claimed and content.isascii() and b"\x1b" in content


def _two_bytes_may_be_gb(content: bytes) -> bool:
    """Valid UTF-8 that would be common Han characters in GB: only pairs, standing together
    and away from Latin letters. Han characters in UTF-8 have three bytes."""
    runs = HIGH_RUN.findall(content)
    if not runs or any(len(run) % 2 for run in runs):
        return False
    pairs = b"".join(runs)
    if re.fullmatch(rb"(?:[\xb0-\xd7][\xa1-\xfe])+", pairs) is None:
        return False
    return max(map(len, runs)) >= 4 and NEXT_TO_LATIN.search(content) is None


def _is_common_gb18030(content: bytes, hints: Hints) -> bool:
    """It decodes, and reads like Chinese or (in four bytes) like any other script."""
    counts = dict.fromkeys(GB_PIECE.groupindex, 0)
    for piece in GB_PIECE.finditer(content):
        counts[piece.lastgroup or ""] += 1
    if counts["stray"]:
        return False
    likely = counts["common"] + counts["sign"] + 2 * counts["four"]
    odd = counts["rare"] + (2 if hints.marc21 else 1) * counts["letter"]
    if counts["common"] + counts["four"] < (3 if hints.marc21 else 1) or likely < odd:
        return False
    return _decodes(content, GB18030)


def _is_rare_gb18030(content: bytes, hints: Hints) -> bool:
    """It decodes to Han characters that stand together, common or not: traditional forms."""
    if not _decodes(content, GB18030):
        return False
    runs = HAN_RUN.findall(content.decode(GB18030))
    han = sum(map(len, runs))
    others = len(re.findall("[^\x00-\x7f]", content.decode(GB18030))) - han
    return han >= (8 if hints.marc21 else 3) and han >= 2 * len(runs) and others * 5 <= han


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(content: bytes, hints: Hints) -> bool:
    """UTF-8 with a few damaged bytes: those become U+FFFD, which everyone sees."""
    good = UTF8_SEQUENCE.findall(content)
    stray = len(HIGH_BYTE.findall(content)) - sum(map(len, good))
    return stray <= len(good) // 4 or (hints.utf8_claimed and stray <= max(2, len(good)))


def _is_cyrillic(content: bytes, hints: Hints) -> bool:
    """Whole words of high bytes with as many vowels as Russian has."""
    words = b"".join(run for run in HIGH_RUN.findall(content) if len(run) > 2)
    letters = len(CYRILLIC_LETTER.findall(words))
    vowels = len(CYRILLIC_VOWEL.findall(words))
    return letters >= 12 and letters * 10 >= len(words) * 9 and 0.25 < vowels / letters < 0.6


def _is_marked_marc8(content: bytes, hints: Hints) -> bool:
    """Most high bytes are marks with their letters, as MARC-8 has them."""
    high = len(HIGH_BYTE.findall(content))
    marked = sum(len(HIGH_BYTE.findall(pair)) for pair in MARKED_LETTER.findall(content))
    marked -= 3 * len(COPYRIGHT_YEAR.findall(content))
    return hints.marc21 and marked * 2 >= high and (marked > 1 or not hints.utf8_claimed)


def _is_latin1(content: bytes, hints: Hints) -> bool:
    """Accented letters one or two together, as Latin words have them, or signs such as ©."""
    if NOT_IN_WORDS.search(content) or (hints.marc21 and not _cannot_be_marc8(content)):
        return False
    return all(len(run) <= 2 for run in HIGH_RUN.findall(content))


def _cannot_be_marc8(content: bytes) -> bool:
    """Bytes that are in no MARC-8 set but letters elsewhere, or © where a date stands."""
    if b"\x1b" in content:
        return False
    return bool(COPYRIGHT_YEAR.search(content) or NOT_IN_ANSEL.search(content))


def _is_marc8_by_default(content: bytes, hints: Hints) -> bool:
    """What a MARC 21 record is in that does not claim UTF-8; unknown codes then show."""
    return hints.marc21 and not hints.utf8_claimed


CANDIDATES = (
    (GB18030, _is_common_gb18030),
    (UTF8, _is_mostly_utf8),
    (CYRILLIC, _is_cyrillic),
    (MARC8, _is_marked_marc8),
    (GB18030, _is_rare_gb18030),
    (LATIN1, _is_latin1),
    (MARC8, _is_marc8_by_default),
)
"""What bytes that are not UTF-8 are tried for, the surest evidence first."""
