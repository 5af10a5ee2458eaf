"""The words that invented editions are given, from real titles, names and imprints.

English ones come from the pool of `generator`, Chinese ones from a school library's catalogue
and a list of titles, Tibetan ones from the Buddhist Digital Resource Center's catalogue; all in
the folder of shared sets, none of them in this repository.
"""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianguan.engine.read.iso2709 import Fields

Whole = NDArray[np.int64]
Drawn = NDArray[np.uint64]

SCHOOL = "chinese/school_library_catalogue.gb18030.csv.gz"
CHINESE_TITLES = "chinese/douban_titles_2017_2026.tsv.gz"
TIBETAN_WORKS = "tibetan/bdrc_works.jsonl.gz"
TIBETAN_PERSONS = "tibetan/bdrc_persons.jsonl.gz"

TSHEG = "་"
HAN_TITLE = re.compile(r"[\u4e00-\u9fff]{2,}")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}(?<![著编译主撰绘等])")
SUBTITLE = re.compile(r"\s*(?:[:：]|——)\s*")
END_SIGNS = " /:;,.="
PLACES = ("北京", "上海", "济南", "青岛", "西宁", "成都", "兰州", "广州", "武汉", "南京")
TIBETAN_PUBLISHERS = (
    ("པེ་ཅིན", "མི་རིགས་དཔེ་སྐྲུན་ཁང"),
    ("ཟི་ལིང", "མཚོ་སྔོན་མི་རིགས་དཔེ་སྐྲུན་ཁང"),
    ("ལྷ་ས", "བོད་ལྗོངས་མི་དམངས་དཔེ་སྐྲུན་ཁང"),
    ("ཁྲེང་ཏུ", "སི་ཁྲོན་མི་རིགས་དཔེ་སྐྲུན་ཁང"),
    ("ལན་གྲུ", "ཀན་སུའུ་མི་རིགས་དཔེ་སྐྲུན་ཁང"),
)
"""The five presses that most books in Tibetan are from."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Which word follows which, and how often: walked, it gives texts that begin, collide and
    end as the ones that it was made from do."""

    words: list[str]
    """Word 0 stands before the first and behind the last."""
    bounds: Whole
    follows: Whole
    """What follows word n, as often as it does: `follows[bounds[n] : bounds[n + 1]]`."""
    between: str
    """What stands between two words."""

    def walk(self, draws: Drawn) -> list[str]:
        """A text for each row of draws, of as many words as it has columns at most."""
        at = np.zeros(len(draws), np.int64)
        steps: list[Whole] = []
        for draw in draws.T:
            begin = self.bounds[at]
            drawn = draw % (self.bounds[at + 1] - begin).astype(np.uint64)
            found = self.follows[begin + drawn.astype(np.int64)]
            at = np.where(at > 0, found, 0) if steps else found
            steps.append(at)
        words, join = self.words, self.between.join
        walked = np.stack(steps, 1)
        rows = zip(walked.tolist(), (walked > 0).sum(1).tolist(), strict=True)
        return [join([words[i] for i in row[:size]]) for row, size in rows]


def chain(texts: Iterable[Sequence[str]], between: str) -> Chain:
    """Of nothing, a chain that gives empty texts."""
    numbers: dict[str, int] = {"": 0}
    path = [0]
    for text in texts:
        path += [numbers.setdefault(word, len(numbers)) for word in text]
        path.append(0)
    before, after = np.array(path[:-1] or [0]), np.array(path[1:] or [0])
    bounds = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(np.bincount(before, minlength=len(numbers)), out=bounds[1:])
    follows = after[np.argsort(before, kind="stable")]
    return Chain(list(numbers), bounds, follows, between)


@dataclass(frozen=True, slots=True)
class Words:
    """What the editions in one language are described with; each list as often as in life."""

    titles: Chain
    subtitles: Chain
    families: list[str]
    given: list[str]
    """May be empty: then the family names are whole names."""
    publishers: list[tuple[str, str]]
    """Place and name."""
    common: tuple[str, ...]
    """Titles that hundreds of books have."""


def english(pool: Iterable[Fields]) -> Words:
    titles, subtitles, names, publishers = [], [], [], []
    for fields in pool:
        for tag, data in fields:
            said = subfields(data) if tag in (b"100", b"245", b"260", b"264") else {}
            if tag == b"245":
                titles.append(said.get("a", "").split())
                subtitles.append(said.get("b", "").split())
            elif tag == b"100" and ", " in said.get("a", ""):
                names.append(said["a"].split(", ", 1))
            elif said.get("b"):
                publishers.append((said.get("a", "New York").strip("[]"), said["b"].strip("[]")))
    return Words(
        titles=chain(filter(_is_ascii, titles), " "),
        subtitles=chain(filter(_is_ascii, subtitles), " "),
        families=[family for family, _ in names],
        given=[given for _, given in names],
        publishers=publishers,
        common=(
            "Collected works", "Proceedings", "Poems", "Annual report", "Works", "Letters",
            "Selected papers", "Introduction to philosophy",
        ),
    )  # fmt: skip


def subfields(data: bytes) -> dict[str, str]:
    """The first subfield of each code, without the signs that end it."""
    found: dict[str, str] = {}
    for chunk in data.decode().split("\x1f")[1:]:
        found.setdefault(chunk[:1], chunk[1:].strip(END_SIGNS))
    return found


def _is_ascii(words: Sequence[str]) -> bool:
    """It is in English, or in another language that looks like it: not in transcription."""
    return bool(words) and " ".join(words).isascii()


def chinese(records: Path) -> Words:
    school = _table(records / SCHOOL, "gb18030", ",")
    listed = _table(records / CHINESE_TITLES, "utf-8", "\t")
    said = [row["title"] for row in school]
    said += [row["title_2026"] or row["title_2017"] or "" for row in listed]
    texts = [text for text in map(SUBTITLE.split, said) if all(map(HAN_TITLE.fullmatch, text))]
    names = [name for row in school if (name := row["author"]) and HAN_NAME.fullmatch(name)]
    publishers = [row["publisher"] for row in school if HAN_TITLE.fullmatch(row["publisher"] or "")]
    return Words(
        titles=chain((_in_twos(text[0]) for text in texts), ""),
        subtitles=chain((_in_twos(text[1]) for text in texts if len(text) > 1), ""),
        families=[name[0] for name in names],
        given=[name[1:] for name in names],
        publishers=[(PLACES[len(name) * ord(name[0]) % len(PLACES)], name) for name in publishers],
        common=("中国文学", "全集", "中国通史", "论文集", "年鉴", "文学概论", "诗选", "红楼梦"),
    )


def _table(path: Path, encoding: str, delimiter: str) -> list[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()).decode(encoding)
    lines = io.StringIO(text, newline="")
    if delimiter == "\t":
        return list(csv.DictReader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return list(csv.DictReader(lines, delimiter=delimiter))


def _in_twos(text: str) -> list[str]:
    """Most Chinese words have two characters, so cut from the beginning most are whole."""
    return [text[i : i + 2] for i in range(0, len(text), 2)]


def tibetan(records: Path) -> Words:
    titles = [title for work in _lines(records / TIBETAN_WORKS) for title in work["titles"][:1]]
    persons = _lines(records / TIBETAN_PERSONS)
    names = [name for one in persons for name in one["name"][:1] if name]
    return Words(
        titles=chain((title.strip("།་ ").split(TSHEG) for title in titles), TSHEG),
        subtitles=chain((), TSHEG),
        families=[name.strip("།་ ") for name in names],
        given=[],
        publishers=list(TIBETAN_PUBLISHERS),
        common=("གསུང་འབུམ", "རྣམ་ཐར", "སྨོན་ལམ", "དཀར་ཆག"),
    )


def _lines(path: Path) -> list[dict[str, Any]]:  # Any: what JSON gives
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
