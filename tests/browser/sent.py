"""Files that libraries send on an ordinary day, made from the demonstration's: a nightly export of
which some records came to harm, a list whose headings nobody knows."""

import re
from collections.abc import Iterable, Iterator

from demo import haibei
from demo.iso2709 import RECORD_END
from tests.making import cnmarc

UNKNOWN = """甲栏,乙栏,丙栏,丁栏
平凡的世界,路遥,北京十月文艺出版社,2012
白鹿原,陈忠实,人民文学出版社,1993
尘埃落定,阿来,人民文学出版社,1998
""".encode()
"""A list of books whose headings say nothing."""

YEAR = re.compile(rb"\x1fd(19|20)(\d)(\d)\.?\x1e")


def nightly(first: int, last: int) -> bytes:
    """The records of Haibei from one to another, as they came one night: the years of two corrected,
    five of them harmed."""
    whole = [one + RECORD_END for one in haibei.export().split(RECORD_END) if one]
    kept = list(_corrected(whole[first:last]))
    return b"".join((*kept[:4], *_harmed(kept[4]), *kept[5:]))


def _corrected(records: Iterable[bytes]) -> Iterator[bytes]:
    left = 2
    for one in records:
        found = YEAR.search(one) if left else None
        if found:
            left -= 1
            at = found.start(3)
            yield one[:at] + (b"1" if found[3] == b"0" else b"0") + one[at + 1 :]
        else:
            yield one


def _harmed(one: bytes) -> Iterator[bytes]:
    """What systems and transfers have done to records."""
    yield one[: len(one) // 2] + RECORD_END
    yield one[:24] + b"?" * 60 + one[84:]
    yield cnmarc(
        "001 HB900001 | 005 20260228220000.0 | 100   $a20260228d2012    em y0chiy0110    ea"
    )
    yield b"00026nam0 2200025   450 \x1e" + RECORD_END
