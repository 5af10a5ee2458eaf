"""Records as ISO 2709: leader, directory, fields."""

from collections.abc import Iterable
from typing import NamedTuple

FIELD_END, RECORD_END, MARK = b"\x1e", b"\x1d", "\x1f"


class Field(NamedTuple):
    """A data field with its subfields in order; a control field has only `text`."""

    tag: str
    indicators: str = "  "
    subfields: tuple[tuple[str, str], ...] = ()
    text: str = ""

    def written(self) -> str:
        if self.tag < "010":
            return self.text
        said = "".join(f"{MARK}{code}{text}" for code, text in self.subfields if text)
        return self.indicators + said


def control(tag: str, text: str) -> Field:
    return Field(tag, text=text)


def data(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """A data field without its empty subfields."""
    return Field(tag, indicators, tuple((code, text) for code, text in subfields if text))


def leader(kind: str, of_volumes: bool) -> str:
    """Type of record, bibliographic level and hierarchical level (1 set, 2 volume)."""
    codes = {"book": "am", "serial": "as", "video": "gm", "online": "lm"}
    return f"00000n{codes[kind]}{2 if of_volumes else 0} 2200000   450 "


def record(head: str, fields: Iterable[Field], encoding: str) -> bytes:
    """The bytes of one record; fields without any subfield are left out."""
    directory, body = b"", b""
    for one in fields:
        if one.tag >= "010" and not one.subfields:
            continue
        said = one.written().encode(encoding) + FIELD_END
        directory += one.tag.encode() + b"%04d%05d" % (len(said), len(body))
        body += said
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    whole = b"%05d" % length + head[5:12].encode() + b"%05d" % base + head[17:].encode()
    return whole + directory + FIELD_END + body + RECORD_END
