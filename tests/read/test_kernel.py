"""What the compiled pass sees in the bytes of a record, against what Python says of them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.read.kernel import HIGH, LONG_SEQUENCE, NOT_UTF8, compiled

TEXTS = [
    "a",
    "é",
    "ߵ",
    "ࠀ",
    "青",
    "海",
    "\ud7ff",
    "\ue000",
    "མ",
    "\uffff",
    "\U00010000",
    "\U0010ffff",
]
PIECES = [*(text.encode() for text in TEXTS), b"\xe0\x9f\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
          b"\xc1\xbf", b"\xc0\x80", b"\x80", b"\xbf", b"\xe9", b"\xe9\x9d", b"\xf0\x9f\x98", b"\xff", b"abcdefgh"]  # fmt: skip
HALF = HIGH | NOT_UTF8 | LONG_SEQUENCE


def seen(data: bytes, before: int) -> int:
    """The flags of `data` where `before` bytes stand before it and others after it."""
    whole = b"\xe9" * before + data + b"\x9d\xbf"
    buf = np.zeros(len(whole) // 8 * 8 + 16, np.uint8)
    buf[: len(whole)] = np.frombuffer(whole, np.uint8)
    flags, _ = compiled()["look"](buf.view(np.uint64), buf, before, before + len(data))
    return int(flags) & HALF


def said(data: bytes) -> int:
    if data.isascii():
        return 0
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return HIGH | NOT_UTF8
    return HIGH | (LONG_SEQUENCE if max(text) > "߿" else 0)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 7))
def test_utf8_and_what_only_looks_like_it_are_told_apart(pieces: list[bytes], before: int) -> None:
    data = b"".join(pieces)
    assert seen(data, before) == said(data)


@pytest.mark.parametrize("before", range(8))
def test_every_pair_of_bytes_is_judged_as_python_does(before: int) -> None:
    for pair in itertools.product(
        range(0x7E, 256), (0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2)
    ):
        for end in (b"", b"\x80", b"\x80\x80", b"a"):
            data = bytes(pair) + end
            assert seen(data, before) == said(data), data
