"""Titles made comparable, with the number of a volume taken out of them where it stands there."""

import re

from lianguan.engine.record import Title
from lianguan.engine.text.fold import fold
from lianguan.engine.text.numerals import part_number, set_size

HAN_NUMBERS = "一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾"
VOLUME_AT_END = re.compile(
    rf"\s*(?:(?<![\d{HAN_NUMBERS}])[·•・.]\s*(\d{{1,3}}|[上中下{HAN_NUMBERS}]{{1,3}})"
    rf"|[(（\[【]\s*((?:第\s*)?(?:\d{{1,3}}|[上中下{HAN_NUMBERS}]{{1,4}})\s*[册卷部辑集编篇]?)\s*[)）\]】]"
    rf"|[:：,，\s]*(第\s*(?:\d{{1,4}}|[{HAN_NUMBERS}]{{1,4}})\s*[册卷部辑集编篇期])"
    rf"|[:：,，\s]*([上中下][册卷部集编篇])"
    rf"|(?<=[^\s{HAN_NUMBERS}])\s+([{HAN_NUMBERS}]{{1,3}}))$"
)
ISSUE_AT_END = re.compile(
    r"\s*(?:[(（\[【]\s*((?:19|20)\d\d\s*年?\s*(?:第?\s*\d{1,3}\s*[期辑号])?)\s*[)）\]】]"
    r"|(?<=[鉴报])[\s·.:：]*((?:19|20)\d\d)\s*年?版?)$"
)
SET = rf"(?:套装)?[全共]\s*(?:\d{{1,3}}|[{HAN_NUMBERS}]{{1,4}})\s*[册卷部函集本]"
SET_AT_END = re.compile(
    rf"\s*(?:[(（\[【]\s*({SET}|上\s*[、,，]?\s*(?:中\s*[、,，]?\s*)?下\s*[册卷部集编]?)\s*[)）\]】]"
    rf"|[:：,，·\s]*({SET}|上[、,，]?(?:中[、,，]?)?下[册卷部集编]))$"
)
LATIN_VOLUME_AT_END = re.compile(
    r"\s*(?:[,:;.]|\(|\[)?\s*\b(?:vol(?:ume)?|v|part|pt|book|bk|band|bd|tome|no|#)\b\.?\s*"
    r"(\d{1,3}|[ivxlc]{1,6})[)\]]?$",
    re.IGNORECASE,
)
NUMBER_SIGN = re.compile(r"\s*\(([^()]*?),?\s*#(\d{1,3}(?:\.\d)?)\)\s*$")
BETWEEN = re.compile(r"(?<=\S\S)\s*(?:[:：]|[—–]{1,2}|--|\s-\s)\s*(?=\S\S)")
EDITION_AT_END = re.compile(r"[一-鿿]{1,6}版$")
ENGLISH_ARTICLE = re.compile("^the (?=.)")
LAST_SIGNS = frozenset(f"0123456789ivxlcIVXLC上中下册卷部辑集编篇期函本号年版{HAN_NUMBERS})）]】")
"""What a title can end in that has a volume at its end: most do not, and need no closer look."""
LAST_OF_SET = frozenset("册卷部函集本编)）]】")
"""What a title can end in that has words for the whole set at its end."""
ROMAN_LETTERS = frozenset("ivxlcIVXLC")
ROMAN_AT_END = re.compile(r"\b[ivxlc]{1,6}$", re.IGNORECASE)
"""A title that ends in one of these letters has a volume only where all of its last word are."""
MOST_ROMAN = 7
"""Characters in which such a word stands, with the one before it."""


def main_title(title: Title) -> tuple[str, tuple[str, ...]]:
    """(folded title without a leading article, numbers of parts): those of the title's own
    parts and one that stands at the end of its text (红楼梦（上） · Collected works, vol. 2).
    Words for the whole set (全三册) belong to neither."""
    text, _ = without_set(title.text[title.skip :] if title.skip < len(title.text) else title.text)
    numbers = [number for part in title.parts if (number := part_number(part.number))]
    if not numbers:
        text, numbers = without_volume(text)
    return _folded(text if title.other else parted(text)[0]), tuple(numbers)


def _folded(text: str) -> str:
    """Folded, without the article that a record has not said is to be skipped."""
    return ENGLISH_ARTICLE.sub("", fold(text))


def parted(text: str) -> tuple[str, str]:
    """(title proper, what follows it) of a title that is written in one, as in a spreadsheet:
    洗脑术:怎样有逻辑地说服他人."""
    match = BETWEEN.search(text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def volumes_of(title: Title) -> int:
    """How many volumes the title says that there are: 平凡的世界（全三册）; 0 if it does not."""
    sizes = [set_size(part.number) for part in title.parts]
    return max((*sizes, without_set(title.text)[1]))


def without_set(text: str) -> tuple[str, int]:
    """The text without the words for the whole set at its end, and how many volumes they say."""
    match = SET_AT_END.search(text) if text[-1:] in LAST_OF_SET else None
    if not match or not match.start():
        return text, 0
    return text[: match.start()], set_size(match[1] or match[2])


def without_volume(text: str) -> tuple[str, list[str]]:
    """The text without the volume at its end, and the volume's number."""
    if not _may_end_in_volume(text):
        return text, []
    for pattern in (NUMBER_SIGN, ISSUE_AT_END, LATIN_VOLUME_AT_END, VOLUME_AT_END):
        match = pattern.search(text)
        if match and match.start() > 0:
            said = next(group for group in reversed(match.groups()) if group)
            return text[: match.start()], [part_number(said)]
    return text, []


def _may_end_in_volume(text: str) -> bool:
    last = text[-1:]
    if last in ROMAN_LETTERS:
        return ROMAN_AT_END.search(text[-MOST_ROMAN:]) is not None
    return last in LAST_SIGNS


def named_edition(rest: str) -> str:
    """The edition that stands where a subtitle does: 麦田里的守望者（纪念版）; "" for none."""
    match = EDITION_AT_END.search(rest)
    return match[0] if match else ""


def rest_of(title: Title) -> str:
    """What stands behind the title proper: other title information and names of parts."""
    said = list(title.other) or [parted(without_volume(without_set(title.text)[0])[0])[1]]
    said += [part.name for part in title.parts if part.name]
    return fold(" ".join(said)) if any(said) else ""
