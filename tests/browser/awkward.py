"""Records that are awkward to set: the longest real titles, deep Tibetan stacks, a word without
an end. Real ones are taken from where they lie, and are not kept here."""

import gzip
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pymarc

from tests.browser.engines import ROOT
from tests.union.hub import Hub, book

REAL = ROOT.parent / "shared" / "data" / "records"
GPO = REAL / "marc" / "gpo" / "investigate_jan_06.mrc.gz"
BDRC = REAL / "tibetan" / "bdrc_outline_titles_60k.tsv.gz"

STACKS = ("བསྒྲུབས་", "ལྷ་ཁང་", "རྫོགས་")
"""Letters that stand on one another, the deepest that titles of books have."""
STACKED = "བསྒྲུབས་པའི་ལྷ་ཁང་རྫོགས་"
CHINESE = "青海湖国家级自然保护区鸟类图鉴与湿地监测方法：附二〇一〇至二〇二二年水鸟同步调查数据" * 7
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LIBRARY = "LONG"


@cache
def longest() -> dict[str, str]:
    """The longest titles by script: real ones where they are at hand, else invented."""
    return {
        "zh": CHINESE,
        "bo": max(_tibetan(), key=len, default=STACKED * 25),
        "en": max(_english(), key=len, default="Providing for consideration of the bill " * 8),
        "unbroken": UNBROKEN,
    }


def _tibetan() -> Iterator[str]:
    if BDRC.exists():
        with gzip.open(BDRC, "rt", encoding="utf-8") as lines:
            yield from (line.rstrip("\n").rpartition("\t")[2] for line in lines)


def _english() -> Iterator[str]:
    if GPO.exists():
        packed = io.BytesIO(gzip.decompress(GPO.read_bytes()))
        for record in pymarc.MARCReader(packed):
            if record and record.title:
                yield record.title


def load(root: Path) -> None:
    """Send them to the hub as one member's, and take back what another sent."""
    hub = Hub(root.parent)
    assert hub.root == root
    stacked = book("stacks", f"{STACKED}$e{STACKED}", agent="ལྷ་མོ་བསྒྲུབས་", publisher="ལྷ་སའི་བསྒྲུབས་")
    again = book("stacks2", f"{STACKED}$e{STACKED}", agent="ལྷ་མོ་བསྒྲུབས་", publisher="ལྷ་སའི་བསྒྲུབས་")
    hub.send(LIBRARY, stacked + b"".join(book(name, said) for name, said in longest().items()))
    hub.send("SECOND", again)
    hub.withdraw(hub.send("GONE", book("1", "已经撤下的书")))
