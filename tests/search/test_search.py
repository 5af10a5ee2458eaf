"""What readers type, and what they find."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.search.index import Document, Mark, SearchIndex, ready
from lianguan.engine.search.words import indexed, isbn_in, words_of


def book(entry: str, title: str, *agents: str, **said: object) -> Document:
    made = Document(entry, entry, title, agents, "2004", ("JN",), ("chi",), "text", titles=(title,))
    return made._replace(**said)  # type: ignore[arg-type]


BOOKS = [
    book("a", "红楼梦", "曹雪芹 著", isbns=("9787020049295",)),
    book("b", "《红楼梦》研究论文集", "俞平伯 著", libraries=("HB", "JN")),
    book("c", "梦里红楼", "佚名"),
    book("d", "水浒传", "施耐庵 著", year="1975", words=("古典小说—章回体",)),
    book("e", "མཚོ་སྔོན་པོའི་རང་བྱུང་ལོ་རྒྱུས།", "ཚེ་རིང་།", languages=("tib",)),
    book("f", "Café society : une étude", "Müller, Jürgen", languages=("fre",)),
    book("g", "青海湖水文研究2019", "李明 主编", numbers=("JN:0112/7",)),
    book("h", "水", "安妮宝贝 著"),
]


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    made = SearchIndex.new(tmp_path / "index")
    assert made.write(map(ready, BOOKS), [], Mark("here", 1)) == len(BOOKS)
    return made


def entries(index: SearchIndex, query: str, **chosen: str) -> set[str]:
    return {hit.entry for hit in index.search(query, chosen).hits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("红楼梦", {"a", "b"}),
        ("紅樓夢", {"a", "b"}),
        ("红楼", {"a", "b", "c"}),
        ("红楼梦 曹雪芹", {"a"}),
        ("曹雪芹红楼梦", set()),
        ("水", {"d", "g", "h"}),
        ("章回", {"d"}),
        ("རང་བྱུང", {"e"}),
        ("རང་བྱུང་།", {"e"}),
        ("བྱུང་རང", set()),
        ("cafe SOCIETY", {"f"}),
        ("café étude muller", {"f"}),
        ("society cafe xyz", set()),
        ("978-7-02-004929-5", {"a"}),
        ("7-02-004929-X", {"a"}),
        ("ISBN 7-02-004929-X", {"a"}),
        ("ISBN：9787020049295", {"a"}),
        ("9787020049295 红楼梦", {"a"}),
        ("9787020049295 水浒", set()),
        ("曹雪芹，红楼梦", {"a"}),
        ("9787020049296", set()),
        ("JN:0112/7", {"g"}),
        ("青海湖 2019", {"g"}),
        ("《红楼梦》！", {"a", "b"}),
        ("", {book.entry for book in BOOKS}),
        ("？？", {book.entry for book in BOOKS}),
    ],
)
def test_words_find_books(index: SearchIndex, query: str, found: set[str]) -> None:
    assert entries(index, query) == found


def test_a_title_counts_more_than_a_subject(index: SearchIndex) -> None:
    index.write([ready(book("i", "文学史", words=("水浒传—研究",)))], [], Mark("here", 1))
    hits = index.search("水浒传").hits
    assert [hit.entry for hit in hits] == ["d", "i"]


def test_facets_count_entries_and_narrow(index: SearchIndex) -> None:
    found = index.search("红楼")
    assert dict(found.facets["library"]) == {"JN": 3, "HB": 1}
    assert entries(index, "红楼", library="HB") == {"b"}
    assert entries(index, "", year="1975") == {"d"}
    assert entries(index, "", nonsense="x") == {book.entry for book in BOOKS}


def test_pages_of_results_hold_each_entry_once(index: SearchIndex) -> None:
    seen = [hit.entry for page in range(4) for hit in index.search("", {}, 2, 2 * page).hits]
    assert sorted(seen) == sorted(book.entry for book in BOOKS)


def test_an_entry_that_went_or_changed_is_not_found_as_it_was(index: SearchIndex) -> None:
    index.write([ready(book("a", "石头记"))], ["c"], Mark("here", 2))
    assert entries(index, "红楼") == {"b"}
    assert entries(index, "石头记") == {"a"}
    assert index.size == len(BOOKS) - 1


def test_an_isbn_is_known_by_its_form() -> None:
    assert isbn_in(" 7-02-004929-X ") == "9787020049295"
    assert isbn_in("2019") is None
    assert isbn_in("红楼梦") is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_anything_may_be_typed_and_every_title_is_found_by_itself(typed: str) -> None:
    words = [word for run in words_of(typed) for word in run]
    assert indexed([typed]).split() == words


def test_what_was_counted_is_counted_again_after_a_change(index: SearchIndex) -> None:
    reader = SearchIndex(index.folder)
    for chosen in ({}, {"library": "HB"}):
        before = reader.search("红楼梦", chosen).facets["library"]
        assert before == reader.search("红楼梦", chosen).facets["library"]
    assert dict(reader.search("红楼梦").facets["library"]) == {"JN": 2, "HB": 1}
    index.write([ready(book("i", "红楼梦", libraries=("GC",)))], ["b"], Mark("here", 2))
    reader.reload()
    assert dict(reader.search("红楼梦").facets["library"]) == {"JN": 1, "GC": 1}
    assert reader.search("红楼梦", {"library": "HB"}).facets["library"] == []


def test_facets_count_what_is_found(index: SearchIndex) -> None:
    """They are counted by another query than the one that puts the best first."""
    for query in ("", "红楼", "水", "曹雪芹", "章回", "JN:0112/7", "cafe SOCIETY", "红楼 佚名"):
        found = index.search(query)
        assert found.total == sum(count for _, count in found.facets["format"]), query
