"""Kinds of places: what stands under what, and by which words in its name a place is known. Both
are tables; the first row whose words are in a name says what it is."""

from typing import NamedTuple

HUB, LIBRARY, BRANCH, STATION, ROOM, BODY = "hub", "library", "branch", "station", "room", "body"

UNDER = {
    HUB: (),
    BODY: (HUB, BODY),
    LIBRARY: (HUB, BODY, LIBRARY),
    BRANCH: (LIBRARY, BRANCH),
    STATION: (LIBRARY, BRANCH),
    ROOM: (LIBRARY, BRANCH, STATION),
}
"""Kind → the kinds under which it may stand. A county library stands under that of its
prefecture, a supervising body beside the libraries or above them."""

KINDS = tuple(UNDER)
IN_A_LIST = tuple(kind for kind in KINDS if kind != HUB)


class Sign(NamedTuple):
    kind: str
    words: tuple[str, ...]


SIGNS = (
    Sign(
        ROOM, ("书屋", "书房", "阅览室", "图书室", "阅读空间", "阅读点", "服务点", "reading room")
    ),
    Sign(STATION, ("文化站", "文化活动中心", "文化服务中心", "station")),
    Sign(BRANCH, ("分馆", "branch")),
    Sign(LIBRARY, ("图书馆", "总馆", "library")),
    Sign(BODY, ("局", "厅", "委员会", "政府", "宣传部", "bureau", "department")),
)


def kind_of(name: str) -> str:
    """What a place is by its name; "" where that does not say it."""
    said = name.casefold()
    return next((one.kind for one in SIGNS if any(word in said for word in one.words)), "")
