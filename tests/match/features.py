"""Features for tests: of records written as lines, and at random."""

from hypothesis import strategies as st

from lianguan.engine.mapping import cnmarc, marc21
from lianguan.engine.mapping.one import map_one
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.read.decoding import Decoder
from tests.making import CNMARC, MARC21, source


def _parted(lines: str, leader: bytes) -> tuple[str, bytes]:
    """The lines, and the leader, which may stand before them."""
    if not lines.startswith("LDR "):
        return lines, leader
    own, _, rest = lines[4:].partition(" | ")
    return rest, own.encode()


def chinese(lines: str, leader: bytes = CNMARC) -> Features:
    """Of a CNMARC record written as lines; its leader may stand before them."""
    lines, leader = _parted(lines, leader)
    return features_of(map_one(source(lines, leader), cnmarc.TABLE, Decoder()))


def american(lines: str, leader: bytes = MARC21) -> Features:
    """Of a MARC 21 record written as lines."""
    return features_of(map_one(source(lines, leader), marc21.TABLE, Decoder()))


TITLES = st.sampled_from(
    (
        *"红楼梦 红楼梦研究 红楼梦研究集刊 青海湖志 海北年鉴2019 海北年鉴2020 བོད་ཀྱི་ལོ་རྒྱུས".split(),
        *("hist", "abc", "abcd", "abcd efgh", "efgh", "history of art", "history of art and craft"),
        *("history of the art", "proceedings of the national food institute"),
        "proceedings of national food institutes",
    )
)
AGENTS = st.sampled_from(["曹雪芹", "高鹗", "霍金", "史蒂芬霍金", "smith j", "smith j k", "ross a"])
TEXTS = st.one_of(st.just(""), TITLES)


def few(
    one: st.SearchStrategy[str], most: int = 2, least: int = 0
) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(one, min_size=least, max_size=most, unique=True).map(tuple)


FEATURES = st.builds(
    Features,
    titles=few(TITLES),
    rest=TEXTS,
    parts=st.sampled_from([(), (), ("1",), ("2",), ("last",), ("1", "2")]),
    agents=few(AGENTS),
    publisher=st.sampled_from(["", "人民文学", "人民", "harper", "harper row", "h row"]),
    year=st.sampled_from([0, 1985, 1990, 1999, 2000, 2001]),
    last_year=st.sampled_from([0, 0, 1999, 2000, 2089]),
    edition=st.sampled_from(["", "", "1", "2", "3", "revised", "facsimile"]),
    isbns=st.sampled_from([(), (), ("1",), ("2",), ("1", "2")]),
    numbers=st.sampled_from([(), (), ("lccn:1",)]),
    pages=st.sampled_from([0, 100, 101, 200]),
    volumes=st.sampled_from([0, 0, 1, 3]),
    carrier=st.sampled_from(["", "", "electronic"]),
    content=st.sampled_from(["", "text", "sound"]),
    level=st.sampled_from(["", "", "serial"]),
    language=st.sampled_from(["", "chi", "tib"]),
    work=st.just(""),
    parallel=few(TITLES, 1),
    own=TEXTS,
    series=few(TITLES, 1),
)

WHOLE = FEATURES.map(
    lambda f: f._replace(
        titles=f.titles or ("history of art",),
        agents=f.agents or ("smith j",),
        publisher=f.publisher or "harper",
        year=f.year or 2000,
        isbns=(),
        numbers=(),
    )
)
"""Of a record that lacks nothing but a number: such pairs are decided by all the other rows."""


def _changed(two: tuple[Features, list[str], Features]) -> tuple[Features, Features]:
    a, fields, other = two
    return a, a._replace(**{field: getattr(other, field) for field in fields})


def _pairs(one: st.SearchStrategy[Features]) -> st.SearchStrategy[tuple[Features, Features]]:
    fields = st.lists(st.sampled_from(Features._fields), max_size=5)
    return st.tuples(one, fields, FEATURES).map(_changed)


def _retitled(
    two: tuple[Features, tuple[str, ...], str, list[str], Features],
) -> tuple[Features, Features]:
    a, titles, rest, fields, other = two
    b = a._replace(titles=titles, rest=rest)
    return a, b._replace(**{field: getattr(other, field) for field in fields})


MAKERS = st.lists(st.sampled_from(("agents", "publisher", "pages")), max_size=2)

PAIRS = st.one_of(
    _pairs(FEATURES),
    _pairs(WHOLE),
    st.tuples(WHOLE, few(TITLES, least=1), TEXTS, MAKERS, FEATURES).map(_retitled),
)
"""Two records that have much in common, so that every row of the rules is met."""
