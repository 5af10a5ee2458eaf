"""Titles made comparable, with the number of a volume taken out of them where it stands there."""

import re

from lianguan.engine.record import Title
from lianguan.engine.text.fold import fold
from lianguan.engine.text.numerals import part_number

HAN_NUMBERS = "一二三四五六七八九十百"
VOLUME_AT_END = re.compile(
    rf"\s*(?:[·•・.]\s*(\d{{1,3}}|[上中下{HAN_NUMBERS}]{{1,3}})"
    rf"|[(（\[【]\s*((?:第\s*)?(?:\d{{1,3}}|[上中下{HAN_NUMBERS}]{{1,4}})\s*[册卷部辑集编篇]?)\s*[)）\]】]"
    rf"|[:：,，\s]*(第\s*(?:\d{{1,4}}|[{HAN_NUMBERS}]{{1,4}})\s*[册卷部辑集编篇期])"
    rf"|[:：,，\s]*([上中下][册卷部集编篇]))$"
)
LATIN_VOLUME_AT_END = re.compile(
    r"\s*(?:[,:;.]|\(|\[)?\s*\b(?:vol(?:ume)?|v|part|pt|book|bk|band|bd|tome|no|#)\b\.?\s*"
    r"(\d{1,3}|[ivxlc]{1,6})[)\]]?$",
    re.IGNORECASE,
)
NUMBER_SIGN = re.compile(r"\s*\(([^()]*?),?\s*#(\d{1,3}(?:\.\d)?)\)\s*$")
REMARKS = re.compile(r"\[[^\]]*\]")


def main_title(title: Title) -> tuple[str, tuple[str, ...]]:
    """(folded title without a leading article, numbers of parts): those of the title's own
    parts and one that stands at the end of its text (红楼梦（上） · Collected works, vol. 2)."""
    text = title.text[title.skip :] if title.skip < len(title.text) else title.text
    numbers = [part_number(part.number) for part in title.parts if part.number]
    if not numbers:
        text, numbers = without_volume(text)
    return fold(text), tuple(numbers)


def without_volume(text: str) -> tuple[str, list[str]]:
    """The text without the volume at its end, and the volume's number."""
    for pattern in (NUMBER_SIGN, VOLUME_AT_END, LATIN_VOLUME_AT_END):
        match = pattern.search(text)
        if match and match.start() > 0:
            said = next(group for group in reversed(match.groups()) if group)
            return text[: match.start()], [part_number(said)]
    return text, []


def rest_of(title: Title) -> str:
    """What stands behind the title proper: other title information and names of parts."""
    said = [*title.other, *(part.name for part in title.parts if part.name)]
    return fold(" ".join(said)) if said else ""
