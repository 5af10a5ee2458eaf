"""Records as lines of text: what OPACs and editors show, copied into a file.

    LDR   -----nam0-22-----   450-            =245  10$aTitle /$cName
    2001  |a 红楼梦 |9 hong lou meng |f 曹雪芹著   200 1 $a青海湖志$f张三主编

Aleph's own lines (FMT, CAT, OWN, SYS), indicators glued to the tag, and a dozen signs in place
of the subfield mark are all met in practice.
"""

import re
from collections.abc import Iterator

from lianguan.engine.read.encodings import Hints, encoding_of
from lianguan.engine.read.findings import Reason, Rule
from lianguan.engine.read.marcjson import Placed
from lianguan.engine.read.repair import Lost
from lianguan.engine.read.source import SourceField, SourceRecord

LINE = re.compile(
    r"\s*(?P<number>\d{9}\s+)?(?P<mrk>=)?(?P<tag>\d{3}|LDR|[A-Z]{3})(?P<rest>.*)", re.DOTALL
)
IS_FIELD = re.compile(rb"\s*(?:\d{9}\s+)?=?\d{3}")
"""A field; lines such as LDR may come before the first one."""
MARKS = ("$$", "|", "‡", "ǂ", "▼", "！", "$", "!", "@", "\x1f")
NOT_MARC = frozenset({"FMT", "CAT", "OWN", "SYS", "LKR", "STA", "Z30"})


def records(data: bytes, encoding: str = "") -> Iterator[Placed]:
    """The records of a file, with the byte offset and length of each."""
    name = encoding or encoding_of(data[: 1 << 20], Hints())
    if name is None:
        yield 0, len(data), Lost(Reason.ENCODING_IN_DOUBT)
        return
    for offset, raw in _pieces(data):
        yield offset, len(raw), record_in(raw, name)


def _pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The stretches of lines that belong to one record."""
    start = at = 0
    number = b""
    has_fields = False
    for line in data.splitlines(keepends=True):
        match = re.match(rb"\s*(\d{9})\s+\w{3}", line)
        blank = not line.strip()
        begins = re.match(rb"\s*=?(?:LDR|FMT|000)\b", line) is not None
        other = match is not None and bool(number) and match[1] != number
        if (blank or other or begins) and has_fields:
            yield start, data[start:at]
            start, has_fields = at, False
        has_fields = has_fields or IS_FIELD.match(line) is not None
        number = match[1] if match else number
        at += len(line)
    if data[start:at].strip():
        yield start, data[start:at]


def record_in(raw: bytes, encoding: str) -> SourceRecord | Lost:
    """The record in its lines, in UTF-8 whatever the file is in."""
    lines = _unfolded(raw.decode(encoding, "replace").removeprefix("\ufeff"))
    matches = [match for line in lines if (match := LINE.fullmatch(line))]
    mark = _mark([match["rest"] for match in matches])
    leader = next((_leader(m["rest"]) for m in matches if m["tag"] in ("LDR", "000")), "")
    fields = [_field(match, mark) for match in matches if match["tag"].isdigit()]
    kept = tuple(field for field in fields if field.tag != b"000")
    if not kept:
        return Lost(Reason.NOT_A_RECORD)
    return SourceRecord(leader.encode("ascii", "replace").ljust(24)[:24], kept, Rule.OPAC_TEXT)


def _unfolded(text: str) -> list[str]:
    """Lines, those that are the rest of a long field put behind it."""
    lines: list[list[str]] = []
    for line in text.splitlines():
        if lines and line[:1] in " \t" and not LINE.match(line):
            lines[-1].append(line.strip())
        elif line.strip():
            lines.append([line])
    return ["".join(parts) for parts in lines]


def _mark(rests: list[str]) -> str:
    """The sign that stands before most subfields, as the first fields show."""
    counts = {mark: sum(_starts(rest, mark) for rest in rests[:200]) for mark in MARKS}
    return max(MARKS, key=lambda mark: counts[mark])


def _starts(rest: str, mark: str) -> bool:
    return re.match(rf"[\s\d#_\\LA-Z-]{{0,8}}{re.escape(mark)}\s?[0-9A-Za-z]", rest) is not None


def _leader(rest: str) -> str:
    text = re.sub(r"^\s+(?:L\s)?\s*", "", rest)
    return re.sub(r"[\^#\\-]", " ", text)


def _field(match: re.Match[str], mark: str) -> SourceField:
    tag, rest = match["tag"].encode(), match["rest"].rstrip("\r\n")
    if match["number"]:
        rest = re.sub(r"^(.{2})\s[A-Z]\s", r"\1", rest)
    if tag < b"010":
        return SourceField(tag, re.sub(r"[\^\\]", " ", rest).strip().encode())
    sign = re.escape(mark)
    rest = re.sub(rf"^{sign}(?=.{{2}}{sign})", "", rest)
    head, found, body = rest.partition(mark)
    text = _indicators(head, bool(match["mrk"])) + re.sub(
        rf"\s?{sign}\s?([0-9A-Za-z])\s?", "\x1f\\1", found + body
    )
    return SourceField(tag, text.encode())


def _indicators(head: str, mrk: bool) -> str:
    """Two indicators from what stands between tag and first mark: "1 ", "10", " 1", "#\\"."""
    text = re.sub(r"[#\\_^]", " ", head)
    if mrk or len(text) > 2:
        text = (
            text[2:]
            if text[:2] == "  "
            else text.strip()
            if len(text.strip()) > 1
            else text.lstrip()
        )
    return text[:2].ljust(2)
