"""Files that libraries send on an ordinary day, made from the demonstration's: a nightly export of
which some records came to harm, a list whose headings nobody knows."""

import re
from collections.abc import Iterable, Iterator

from demo import haibei
from demo.iso2709 import RECORD_END
from tests.making import cnmarc
from tests.union.hub import book

UNKNOWN = """甲栏,乙栏,丙栏,丁栏
平凡的世界,路遥,北京十月文艺出版社,2012
白鹿原,陈忠实,人民文学出版社,1993
尘埃落定,阿来,人民文学出版社,1998
""".encode()
"""A list of books whose headings say nothing."""

TANGLED = ("HB940001", "HB940002", "HB940003")

YEAR = re.compile(rb"\x1fd(19|20)(\d)(\d)\.?\x1e")


def nightly(first: int, last: int) -> bytes:
    """The records of Haibei from one to another, as they came one night: the years of two corrected,
    five of them harmed."""
    whole = [one + RECORD_END for one in haibei.export().split(RECORD_END) if one]
    kept = list(_corrected(whole[first:last]))
    return b"".join((*kept[:4], *_harmed(kept[4]), *kept[5:]))


def tangled() -> bytes:
    """What a cataloguer has to disentangle: a Tibetan book catalogued anew for each of fourteen
    copies, three editions of which one record does not say which it is, a record without a title,
    and three books on which people will contradict themselves."""
    tale = "མཚོ་སྔོན་པོའི་གཏམ་རྒྱུད། དེབ་དང་པོ།"
    house = "མཚོ་སྔོན་མི་རིགས་དཔེ་སྐྲུན་ཁང་།"
    copies = [book(f"HB9101{at:02}", tale, "པདྨ་ཚེ་རིང་།", house, "1998") for at in range(14)]
    editions = [
        book(f"HB92000{at}", "环湖地区歌谣集成", "马学义", isbn="9787225030005", extra=edition)
        for at, edition in enumerate(("205   $a第2版", "", "205   $a第3版"))
    ]
    others = [
        book(number, title)
        for number, title in zip(TANGLED, ("河源纪行", "河源考", "江源考"), strict=True)
    ]
    untitled = cnmarc("001 HB930001\n100   $a20050101d2004    em y0chiy0110    ea\n200 1 $f佚名编")
    return b"".join((*copies, *editions, *others, untitled))


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
