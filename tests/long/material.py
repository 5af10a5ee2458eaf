"""Sound records to be damaged: made by seed, and real ones where the shared folder is there."""

import gzip
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

from lianguan.engine.read import framing
from lianguan.engine.read.iso2709 import frames
from tests.making import CNMARC, MARC21, iso2709, source

REAL = Path(__file__).parents[3] / "shared/data/records"

UNIMARC = b"00000nam0 2200000   450 "
MARC8_LEADER = b"00000nam  2200000 a 4500"

CHINESE = "青海湖志 海北史话 门源县志 祁连山下的草原 红楼梦 三体 中国通史 藏族民间故事选 尘肺病防治 刚察文史资料".split()
PEOPLE = "张三主编 李四著 王五，赵六编 (法) 雨果著 才旦扎西搜集整理 海北州志编纂委员会编".split()
HOUSES = "青海人民出版社 商务印书馆 人民文学出版社 中国藏学出版社 山东文艺出版社".split()
LATIN = ["The hunger games", "Été à la campagne", "Histoire du Tibet", "Reports on soils & water", "Ångström's <letters>"]  # fmt: skip
TIBETAN = ["མཚོ་སྔོན་གྱི་ལོ་རྒྱུས།", "བོད་ཀྱི་དམངས་གླུང་།", "མཚོ་བྱང་གི་ལོ་རྒྱུས།"]
MARKED = [
    "pr\xe2ec\xe2ed\xe2e d'une \xe2etude fran\xf0caise",
    "L\xebi\xecudov",
    "\xe8Uber Stra\xc7en",
]
"""MARC-8, each byte written as the character with its number."""


def marc21_record(chance: random.Random, i: int) -> bytes:
    """UTF-8, or MARC-8 in one record of four; one of twenty is long."""
    in_marc8 = chance.random() < 0.25
    title = chance.choice(MARKED if in_marc8 else LATIN)
    year = chance.randrange(1900, 2024)
    notes = "".join(f" | 500 $aNote {j} on {title}" for j in range(chance.randrange(4)))
    lines = (
        f"001 ocm{i:08} | 003 OCoLC | 005 20230102030405.0 | 008 990802s{year}    mauab    b    001 0 eng  "
        f" | 020 $a978702000{chance.randrange(1000):03}{chance.randrange(10)} (pbk.) :$c$12.50"
        f" | 245 10$a{title} :$ba study /$cby A. Author. | 260 $aParis :$bMaison,$cc{year}."
        f" | 300 $a{chance.randrange(20, 900)} p. ;$c23 cm.{notes} | 650  0$aTibet$xHistory."
    )
    if not in_marc8:
        lines += f" | 880 10$6245-01/$1$a{chance.choice(CHINESE)} /$c{chance.choice(PEOPLE)}. | 700 1 $aAuthor, B."
        if chance.random() < 0.05:
            lines += " | 505 0 $a" + f"{chance.choice(TIBETAN)} -- " * 120
    return iso2709(
        source(lines, MARC8_LEADER if in_marc8 else MARC21), "latin-1" if in_marc8 else "utf-8"
    )


def unimarc_record(chance: random.Random, i: int) -> bytes:
    title, year = chance.choice([*LATIN, *TIBETAN]), chance.randrange(1900, 2024)
    notes = "".join(f" | 606 1 $aTibet$x{chance.choice(LATIN)}" for _ in range(chance.randrange(4)))
    return iso2709(
        source(
            f"001 FR{i:06} | 010 $a2-07-0{chance.randrange(10000):04}-X$bbr.$d12 EUR"
            f" | 100 $a20230102d{year}    m  y0frey50      ba | 101 0 $afre | 102 $aFR"
            f" | 200 1 $a{title}$esous-titre$fA. Auteur$gtrad. de B. Traducteur | 210 $aParis$cGallimard$d{year}"
            f" | 215 $a{chance.randrange(20, 900)} p.$d23 cm{notes} | 700  1$aAuteur$bA.$4070 | 801  0$aFR$bBNF",
            UNIMARC,
        )
    )


def cnmarc_record(chance: random.Random, i: int, encoding: str = "gb18030") -> bytes:
    title, year = chance.choice(CHINESE), chance.randrange(1950, 2024)
    copies = "".join(f" | 905 $aQH$b3000{i:05}{j}$dK928.{j}" for j in range(chance.randrange(1, 4)))
    return iso2709(
        source(
            f"001 CAL {i:08} | 010 $a978-7-02-{chance.randrange(1000000):06}-{i % 10}$dCNY{chance.randrange(10, 90)}.00"
            f" | 100 $a20230102d{year}    em y0chiy0110    ea | 101 0 $achi | 102 $aCN$b630000"
            f" | 200 1 $a{title}$9qing hai hu zhi$h第{i % 5 + 1}卷$f{chance.choice(PEOPLE)}"
            f" | 210 $a西宁$c{chance.choice(HOUSES)}$d{year}.{i % 12 + 1} | 215 $a{chance.randrange(20, 900)}页$d21cm"
            f" | 330 $a本书记述{title}的历史、地理、人物与民族文化。 | 606 0 $a地方志$y青海"
            f" | 690 $aK928.43$v5 | 701  0$a张三$4主编{copies}",
            CNMARC,
        ),
        encoding,
    )


def cnmarc_utf8_record(chance: random.Random, i: int) -> bytes:
    return cnmarc_record(chance, i, "utf-8")


MAKERS = {
    "MARC 21 (UTF-8, MARC-8)": marc21_record,
    "UNIMARC (UTF-8)": unimarc_record,
    "CNMARC (GBK)": cnmarc_record,
    "CNMARC (UTF-8)": cnmarc_utf8_record,
}


def made(kind: str, count: int, seed: int = 1) -> list[bytes]:
    """Different sound records of one kind."""
    chance = random.Random(seed)
    return [MAKERS[kind](chance, i) for i in range(count)]


REAL_FILES = (
    "marc/aco/NjP.mrc.gz",
    "marc/aco/NNC.mrc.gz",
    "marc/evergreen/FSL.marc.gz",
    "marc/gpo/nistir_marc8.mrc.gz",
    "marc/gpo/nistir_utf8.mrc.gz",
    "labelled/hathitrust/hathi_val.mrc.gz",
)


def real_records() -> dict[str, list[bytes]]:
    """Sound records of libraries by file; none where the shared folder is not there."""
    return {name: list(_sound(REAL / name)) for name in REAL_FILES if (REAL / name).exists()}


def _sound(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        data = file.read()
    for frame in frames(data):
        if frame.finding == framing.SOUND:
            yield data[frame.start : frame.end]


def real_xml() -> bytes:
    """A collection of a library in MARCXML, or nothing."""
    path = REAL / "marc/aco/UaCaAUL.marcxml.gz"
    return gzip.decompress(path.read_bytes()) if path.exists() else b""


def real_unimarc_xml() -> bytes:
    path = REAL / "unimarc/bnf_unimarcxml.tar.gz"
    if not path.exists():
        return b""
    with tarfile.open(path) as archive:
        opened = [archive.extractfile(m) for m in archive if m.isfile()]
        return b"\n".join(file.read() for file in opened if file)
