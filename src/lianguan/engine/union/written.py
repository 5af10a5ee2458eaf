"""Records and features as the catalogue keeps them: packed with a dictionary that was made from
the first of them, since short texts that are packed one by one have little in common with
themselves.

A catalogue is made and read by one installation (docs/decisions/0006), so the forms need not
outlive it: records are MessagePack, features what Python itself writes quickest.
"""

import marshal
import threading
from collections.abc import Sequence

import msgspec
import zstandard

from lianguan.engine.match.features import Features
from lianguan.engine.record import Record

LEVEL = 3

ENOUGH_TO_LEARN = 500
"""Records from which on a dictionary is worth making."""

DICTIONARY = 256 << 10
"""Bytes of a dictionary: twice that of zstd's own tool, for a twentieth less room."""

SIZE = 3
"""Bytes of the length that stands in front of the features."""

_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode = msgspec.msgpack.Decoder(Record).decode


def learned(samples: Sequence[bytes]) -> bytes:
    """A dictionary for values like these; empty where there are too few to learn from."""
    if len(samples) < ENOUGH_TO_LEARN:
        return b""
    return zstandard.train_dictionary(DICTIONARY, list(samples)).as_bytes()


def kept_bytes(features: Features, record: Record) -> bytes:
    """What is kept of a record, not yet packed: its features, and behind them what it says.
    Packed as one they take a sixth less than apart, since they say the same twice."""
    first = marshal.dumps(tuple(features))
    return len(first).to_bytes(SIZE, "big") + first + _encode(record)


class Packing(threading.local):
    """Packs and unpacks with one dictionary; each thread gets packers of its own, since they
    are dear to make and not to be shared."""

    def __init__(self, dictionary: bytes = b"") -> None:
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self.pack = zstandard.ZstdCompressor(
            level=LEVEL, dict_data=known, write_dict_id=False
        ).compress
        self.unpack = zstandard.ZstdDecompressor(dict_data=known).decompress

    def record(self, kept: bytes) -> Record:
        """What a record says. Texts no longer know their field."""
        said = self.unpack(kept)
        return _decode(memoryview(said)[SIZE + int.from_bytes(said[:SIZE], "big") :])

    def features(self, kept: bytes) -> Features:
        """The features of a record."""
        said = memoryview(self.unpack(kept))[SIZE:]
        return Features._make(marshal.loads(said))  # noqa: S302 - written by us
