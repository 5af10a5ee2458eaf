"""A record as its file has it: leader and fields in the bytes of the member."""

from dataclasses import dataclass

from lianguan.engine.read.findings import NO_RULE, Rule


@dataclass(frozen=True, slots=True)
class SourceField:
    """One field: three bytes of tag, then what ISO 2709 stores between two field ends.

    For a data field that is two indicators and subfields, each behind 0x1F and its code.
    """

    tag: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What every MARC reader gives, whatever the file looked like."""

    leader: bytes
    """24 bytes."""
    fields: tuple[SourceField, ...]
    rules: Rule = NO_RULE
    """The repairs that were needed to read it."""

    def content(self) -> bytes:
        """All bytes that can hold text, for deciding their encoding."""
        return b"\x1e".join([field.data for field in self.fields])
