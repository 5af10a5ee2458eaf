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

DICTIONARY = 112_640
"""Bytes of a dictionary: the size that zstd's own tool makes."""

_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode = msgspec.msgpack.Decoder(Record).decode


def learned(samples: Sequence[bytes]) -> bytes:
    """A dictionary for values like these; empty where there are too few to learn from."""
    if len(samples) < 2 * ENOUGH_TO_LEARN:
        return b""
    return zstandard.train_dictionary(DICTIONARY, list(samples)).as_bytes()


def record_bytes(record: Record) -> bytes:
    """A record not yet packed."""
    return _encode(record)


def features_bytes(features: Features) -> bytes:
    """Features not yet packed."""
    return marshal.dumps(tuple(features))


class Packing(threading.local):
    """Packs and unpacks with one dictionary; each thread gets packers of its own, since they
    are dear to make and not to be shared."""

    def __init__(self, dictionary: bytes = b"") -> None:
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self.pack = zstandard.ZstdCompressor(
            level=LEVEL, dict_data=known, write_dict_id=False
        ).compress
        self.unpack = zstandard.ZstdDecompressor(dict_data=known).decompress

    def record(self, said: bytes) -> Record:
        """The record that was packed. Texts no longer know their field."""
        return _decode(self.unpack(said))

    def features(self, said: bytes) -> Features:
        """The features that were packed."""
        return Features._make(marshal.loads(self.unpack(said)))  # noqa: S302 - written by us
