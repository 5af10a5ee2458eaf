"""Bytes of one value to text, with the repairs that text needs. Each repair is a rule."""

import csv
import html
import re
from functools import cache
from importlib import resources

from lianguan.engine.read import marc8
from lianguan.engine.read.encodings import MARC8, UTF8, UTF8_SEQUENCE
from lianguan.engine.read.findings import NO_RULE, Rule

SUSPICIOUS = re.compile(
    "[\x1b\ue000-\uf8ff]|&(?:#|amp;|lt;|gt;|quot;|apos;|nbsp;)|\\{cr:|[\u00c2-\u00f4][\u0080-\u00bf\u0100-\u2122]"
)
BEGINNINGS = re.compile("[\x1b&{\u00c2-\u00f4\ue000-\uf8ff]")
"""What any of that begins with: to look for one of a set takes a quarter of the time, and 96 of
100 fields that are not ASCII have none (measured)."""
PLAIN = bytes(set(range(0x1F, 0x7F)) - set(b"&{"))
"""What a field may hold without anything to be mended; deleting it and looking whether
something is left is the fastest test there is (measured against a regular expression)."""
REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos|nbsp);")
RULES_PREFIX = re.compile(r"\{cr:[A-Za-z]+\}")
TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]")
PRIVATE = re.compile("[\ue000-\uf8ff]")
ESCAPE = re.compile('\x1b(?:[(),$-]{1,2}[!"]?)?[A-Z0-9s]?')
MARC8_SPAN = re.compile("\x1b([bgp])([ -~]*)(?:\x1bs)?")
LINE_BREAK = re.compile(r"(?<![ \t\r])[ \t\r]*\n\s*")
DIRECTIONS = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Marks that tell a screen which way to write: Arabic and Hebrew records are full of them, and
they stand between a sign and the blank after it, where nobody sees why nothing is found."""
CONTROLS = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), 0x7F, 0xFEFF, *DIRECTIONS)) | {9: " "}


class Decoder:
    """Decodes values of one encoding and remembers in `rules` what it had to mend."""

    def __init__(self, encoding: str = UTF8) -> None:
        self.encoding = encoding
        self.rules = NO_RULE

    def taken(self) -> int:
        """The rules since this was last asked, as a number; they are forgotten."""
        rules, self.rules = self.rules.value, NO_RULE
        return rules

    def __call__(self, raw: bytes) -> str:
        """The text of `raw`. Never fails: what cannot be read becomes U+FFFD and a rule."""
        if not raw.translate(None, PLAIN):
            return raw.decode("ascii")
        text = self._decoded(raw)
        if BEGINNINGS.search(text) and SUSPICIOUS.search(text):
            text, rules = mended(text)
            self.rules |= rules
        return text if text.isprintable() else on_one_line(text)

    def field(self, raw: bytes) -> str:
        """The text of a whole field, its subfield marks where they were."""
        if not raw.translate(None, PLAIN):
            return raw.decode("ascii")
        text = self._sound(raw)
        return "\x1f".join([self(part) for part in raw.split(b"\x1f")]) if text is None else text

    def _sound(self, raw: bytes) -> str | None:
        """The text of a whole field of UTF-8 at once where nothing in it has to be mended. No
        pattern of what has to be reaches over a subfield mark."""
        if self.encoding != UTF8:
            return None
        try:
            text = raw.decode(UTF8)
        except UnicodeDecodeError:
            return None
        if BEGINNINGS.search(text) and SUSPICIOUS.search(text):
            return None
        return text if text.replace("\x1f", "").isprintable() else None

    def _decoded(self, raw: bytes) -> str:
        if self.encoding == MARC8:
            text = marc8.decode(raw)
            if marc8.UNKNOWN in text:
                self.rules |= Rule.MARC8_UNKNOWN
            return text
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError:
            self.rules |= Rule.BYTES_REPLACED
            return raw.decode(self.encoding, "replace")


def mended(text: str) -> tuple[str, Rule]:
    """The text after every mending that changes something, and their rules."""
    rules = NO_RULE
    for rule, mending in MENDINGS:
        after = mending(text)
        if after != text:
            rules |= rule
            text = after
    return text, rules


def on_one_line(text: str) -> str:
    """The text without control characters, a line break and the blanks around it as one."""
    return (LINE_BREAK.sub(" ", text) if "\n" in text else text).translate(CONTROLS)


def _without_prefix(text: str) -> str:
    return RULES_PREFIX.sub("", text)


def _without_references(text: str) -> str:
    return REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def _once(text: str) -> str:
    """UTF-8 that was taken for Latin-1 and written as UTF-8 again, read as it was meant. Where
    bytes were lost on the way, U+FFFD stands for the character, if the rest leaves no doubt."""
    if not TWICE.search(text) and not re.search("[\u00c2-\u00f4][\u0100-\u2122]", text):
        return text
    for mistaken_for in ("latin-1", "cp1252"):
        try:
            raw = text.encode(mistaken_for)
        except UnicodeError:
            continue
        once = raw.decode(UTF8, "replace")
        whole, lost = len(UTF8_SEQUENCE.findall(raw)), once.count("\ufffd")
        if not lost or (whole > 1 and whole >= 2 * lost):
            return once
    return text


def _standard(text: str) -> str:
    """Han characters for the private-use codes that GBK and GB 18030-2000 gave them."""
    table = private_use()
    return PRIVATE.sub(lambda match: table.get(match[0], match[0]), text)


def _without_escapes(text: str) -> str:
    """MARC-8 escapes that a conversion to UTF-8 left in: the characters they stood for."""
    if "\x1b" not in text:
        return text
    text = MARC8_SPAN.sub(lambda m: marc8.decode(f"\x1b{m[1]}{m[2]}".encode()), text)
    return ESCAPE.sub("", text)


MENDINGS = (
    (Rule.RULES_PREFIX, _without_prefix),
    (Rule.CHARACTER_REFERENCES, _without_references),
    (Rule.MARC8_ESCAPES_IN_UTF8, _without_escapes),
    (Rule.UTF8_TWICE, _once),
    (Rule.GB_PRIVATE_USE, _standard),
)


@cache
def private_use() -> dict[str, str]:
    """Private-use character → its place in Unicode (GB 18030-2022, table of changed codes)."""
    text = resources.files(__package__).joinpath("gb_private_use.csv").read_text("utf-8")
    return {
        chr(int(row["private"], 16)): chr(int(row["standard"], 16))
        for row in csv.DictReader(text.splitlines())
    }
