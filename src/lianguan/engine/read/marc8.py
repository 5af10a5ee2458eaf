"""MARC-8 to Unicode (MARC 21 Specifications, Character Sets and Encoding Options, part 2).

The code tables come from pymarc; the decoder is ours because it has to say what it could
not read (U+FFFD) and to serve sets in either half, which exporters do use.
"""

import re
import unicodedata
from functools import cache

ESCAPE = 0x1B
BASIC_LATIN = 0x42
ANSEL = 0x45
EACC = 0x31

UNKNOWN = "\ufffd"

SET_IN_G0 = b"(,"
SET_IN_G1 = b")-"
SHORT_SETS = b"gbp"
"""Greek symbols, subscripts and superscripts: ESC and one letter; ESC s ends them."""

HALVES_OF_LIGATURES = {0xFE20: "\u0361", 0xFE21: "", 0xFE22: "\u0360", 0xFE23: ""}
"""A ligature or double tilde over two letters is one mark in Unicode, after the first."""

Code = tuple[str, bool]
"""A character, and whether it combines with the next one."""


@cache
def _sets() -> dict[int, dict[int, Code]]:
    from pymarc import marc8_mapping  # noqa: PLC0415 - 16,000 codes, only for MARC-8

    sets = {
        name: {code: (_character(to), bool(combines)) for code, (to, combines) in table.items()}
        for name, table in marc8_mapping.CODESETS.items()
    }
    sets[EACC] |= {code: (chr(to), False) for code, to in marc8_mapping.ODD_MAP.items()}
    return sets


def _character(to: int) -> str:
    return HALVES_OF_LIGATURES.get(to, chr(to))


def decode(raw: bytes) -> str:
    """The text of a subfield, NFC; U+FFFD for each code that is in no table."""
    if raw.isascii() and ESCAPE not in raw:
        return raw.decode("ascii")
    return unicodedata.normalize("NFC", _Reader(raw).text())


class _Reader:
    """Walks the bytes of one subfield. Sets last until the next escape or the end."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0
        self.low = BASIC_LATIN
        self.high = ANSEL
        self.out: list[str] = []
        self.waiting: list[str] = []
        """Marks that stand before their letter in MARC-8 and after it in Unicode."""

    def text(self) -> str:
        while self.at < len(self.raw):
            if self.raw[self.at] == ESCAPE:
                self._switch()
            else:
                self._one()
        return "".join(self.out) + self._spacing()

    def _switch(self) -> None:
        """An escape sequence: which set is in which half from here on."""
        after = self.raw[self.at + 1 : self.at + 4]
        if after[:1] in (b"s", b"g", b"b", b"p") and after:
            self.low = BASIC_LATIN if after[:1] == b"s" else after[0]
            self.at += 2
            return
        match = re.match(rb"(\$?)([(),\-]?)(!?)([\x21-\x7e])", after)
        if not match or not (match[1] or match[2]):
            self.out.append(UNKNOWN)
            self.at += 1
            return
        name = match[4][0]
        if match[2] in (b")", b"-"):
            self.high = name
        else:
            self.low = name
        self.at += 1 + match.end()

    def _one(self) -> None:
        size, code = self._code()
        self.at += size
        if code < 0x20:
            return
        character, combines = self._find(code, size)
        if combines:
            self.waiting.append(character)
        elif self.waiting and not character.isalpha():
            self.out += [self._spacing(), character]
        else:
            self.out += [character, *self.waiting]
            self.waiting = []

    def _spacing(self) -> str:
        """The waiting marks as signs of their own: no letter came for them."""
        signs = "".join("\u00a0" + mark for mark in self.waiting if mark)
        self.waiting = []
        return signs

    def _code(self) -> tuple[int, int]:
        """(bytes, code) of the next character."""
        first = self.raw[self.at]
        name = self.high if first > 0x80 else self.low
        if name == EACC and first > 0x20:
            return 3, int.from_bytes(self.raw[self.at : self.at + 3], "big")
        return 1, first

    def _find(self, code: int, size: int) -> Code:
        sets = _sets()
        if size == 3:
            return sets[EACC].get(code & 0x7F7F7F, (UNKNOWN, False))
        if code == 0x20:
            return " ", False
        table = sets.get(self.high if code > 0x80 else self.low, {})
        return table.get(code) or table.get(code ^ 0x80) or (UNKNOWN, False)
