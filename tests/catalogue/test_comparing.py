"""Two records side by side: what of them is marked."""

from hypothesis import given
from hypothesis import strategies as st

from lianguan.catalogue.comparing import differing, fields_of
from lianguan.engine.match.explain import Explanation, Level
from lianguan.engine.record import Extent, Name, Publication, Record, Title


def marked(left: str, right: str) -> tuple[str, str]:
    """Both texts with what differs between brackets."""
    sides = differing(left, right)
    return tuple("".join(f"[{t}]" if d else t for t, d in side) for side in sides)  # type: ignore[return-value]


def test_what_one_writes_otherwise_is_marked_on_both_sides() -> None:
    assert marked("马成林著", "馬成林著") == ("[马]成林著", "[馬]成林著")
    assert marked("海北藏族自治州志（上册）", "海北藏族自治州志上册") == (
        "海北藏族自治州志[（]上册[）]",
        "海北藏族自治州志上册",
    )


def test_numbers_words_and_tibetan_syllables_are_marked_whole() -> None:
    assert marked("318 页", "320 页") == ("[318] 页", "[320] 页")
    assert marked("Snow Country", "Snow County") == ("Snow [Country]", "Snow [County]")
    assert marked("མཚོ་སྔོན་པོ།", "མཚོ་སྔོ་པོ།") == ("མཚོ་[སྔོན་]པོ།", "མཚོ་[སྔོ་]པོ།")


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_of_either_text_is_lost_and_what_is_not_marked_is_in_both(
    left: str, right: str
) -> None:
    sides = differing(left, right)
    assert ["".join(text for text, _ in side) for side in sides] == [left, right]
    same = ["".join(t for t, d in side if not d and not t.isspace()) for side in sides]
    assert same[0].replace(" ", "").split() == same[1].replace(" ", "").split()


def record(title: str, **said: object) -> Record:
    return Record(titles=(Title("proper", title),), **said)  # type: ignore[arg-type]


def test_a_reader_sees_what_was_written_and_not_what_it_was_compared_by() -> None:
    left = record(
        "青海湖 : 一座湖", agents=(Name("马成林", roles=("著",)),), extent=Extent("318页")
    )
    right = record("青海湖：一座湖", publications=(Publication("西宁", "青海人民出版社"),))
    levels = (
        Level("title", "same", "青海湖一座湖", "青海湖一座湖", 0),
        Level("agent", "missing", "马成林", "", 17),
        Level("publisher", "missing", "", "青海人民", 5),
        Level("extent", "different", "318 p", "20 p", 41),
        Level("edition", "same", "", "", 0),
    )
    found = fields_of(left, right, Explanation("same", "rule", levels, (), True))
    assert [(row.field, row.left_text, row.right_text, row.differs) for row in found] == [
        ("title", "青海湖 : 一座湖", "青海湖：一座湖", False),
        ("agent", "马成林 著", "", False),
        ("publisher", "", "西宁：青海人民出版社", False),
        ("extent", "318页", "", True),
    ]
