"""What is new, what else there is of a work, and how many questions a page asks."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from lianguan.discovery import queries
from lianguan.discovery.covers import cover_of
from lianguan.discovery.listing import Listed, varied
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.overview import editions_of, last_days, newest
from tests.discovery.test_pages import LONG, TIBETAN, text
from tests.union.hub import Hub, book

MOST_QUESTIONS = 20


def titles(hub: Hub, count: int = 9) -> list[str]:
    with hub.catalogue() as catalogue:
        shown = catalogue.titles_of(tuple(newest(catalogue, count)))
        return [one.title.value for one in shown.values()]


@contextmanager
def asked() -> Iterator[list[str]]:
    """What a page asks of the catalogue."""
    questions: list[str] = []
    connection = queries._open.catalogue.connection
    connection.set_trace_callback(questions.append)
    yield questions
    connection.set_trace_callback(None)


def test_what_came_last_is_new_and_goes_when_it_is_withdrawn(hub: Hub) -> None:
    hub.send("JN", book("1", title="人生") + book("2", title="平凡的世界"))
    last = hub.send("HB", book("3", title="青海湖"))
    assert titles(hub)[0] == "青海湖"
    assert set(titles(hub)) == {"青海湖", "人生", "平凡的世界"}
    assert len(titles(hub, 2)) == 2
    hub.withdraw(last)
    assert set(titles(hub)) == {"人生", "平凡的世界"}


def test_what_a_member_does_not_show_is_not_new(hub: Hub) -> None:
    hub.send("JN", book("1", title="人生"))
    hub.send("HB", book("3", title="青海湖"))
    change_terms(hub.root, "HB", TermsOrder(shown=False))
    assert titles(hub) == ["人生"]
    with hub.catalogue() as catalogue:
        assert list(last_days(catalogue)) == ["JN"]


def test_a_shelf_shows_the_variety_of_what_came() -> None:
    books = [
        Listed(str(place), title, (), "", "text", cover_of(title, number), ())
        for place, (title, number) in enumerate(
            [(TIBETAN, "clc:I2")] * 3
            + [("མི་", "clc:K2"), ("书一", "clc:I1"), ("书二", "clc:I1"), ("书三", "clc:S1")]
        )
    ]
    assert [one.address for one in varied(books, 5)] == ["0", "4", "3", "6", "1"]
    assert varied([], 6) == []


def test_other_editions_of_the_works_that_were_found_are_counted(reader: Client, hub: Hub) -> None:
    hub.send("JN", book("1", year="2004"))
    hub.send("HB", book("2", year="2015", publisher="北京十月文艺出版社") + book("3", title="人生"))
    page = text(reader, "/search?q=平凡的世界")
    assert page.count("还有 1 个版本") == 2
    assert "还有 " not in text(reader, "/search?q=人生")
    with hub.catalogue() as catalogue:
        works = {hit.work for hit in catalogue.search("").hits}
        assert sorted(editions_of(catalogue, works).values())[-1] == 2
        assert editions_of(catalogue, []) == {}
    entry = reader.get("/r/JN/1", follow=True).content.decode()
    assert "正在看这一版" in entry
    assert "北京十月文艺出版社" in entry.partition("正在看这一版")[2]
    change_terms(hub.root, "HB", TermsOrder(shown=False))
    assert "还有 " not in text(reader, "/search?q=平凡的世界")


@pytest.mark.parametrize("page", ["/", "/search", "/search?q=平凡&library=HB", "/e/", "/m/JN"])
def test_a_page_asks_no_more_than_twenty_questions(page: str, reader: Client, hub: Hub) -> None:
    others = (book(str(n), year=str(1990 + n), publisher=f"第{n}出版社") for n in range(2, 14))
    for library in ("JN", "HB", "GC", "MY", "QL"):
        hub.send(library, book("1", isbn="9787020049295"))
    hub.send("HB", b"".join(others))
    text(reader, "/search?q=x")
    page += hub.entries()["JN:1"] if page == "/e/" else ""
    with asked() as questions:
        answer = reader.get(page, follow=True)
    assert answer.status_code == 200
    assert 0 < len(questions) <= MOST_QUESTIONS, questions


def test_each_holding_says_of_which_day_it_is(reader: Client, hub: Hub) -> None:
    hub.send("HB", book("1", extra="905   $aHB$b60000029$c外借室$dI247.5$e001"))
    hub.send("JN", book("1"))
    page = reader.get("/r/JN/1", follow=True).content.decode()
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("HB:1"))
    assert view is not None
    day = next(one.changed[:10] for one in view.sources if one.library == "HB")
    assert f'data-label="书目日期">{day}</td>' in page
    assert '<p class="small">JN也有这种书，记录里没有写放在哪里。' in page


def test_a_reader_has_text_to_send_on(reader: Client, hub: Hub) -> None:
    hub.send("JN", book("1"))
    page = reader.get("/r/JN/1", follow=True)
    address = page.redirect_chain[0][0]
    said = page.content.decode().partition("<textarea")[2].partition("</textarea>")[0]
    assert "《平凡的世界》" in said
    assert "路遥" in said
    assert said.endswith(f"http://testserver{address}")


def test_the_longest_title_and_a_title_that_is_code_stand_on_every_list(
    reader: Client, hub: Hub
) -> None:
    hub.send("JN", book("1", title=LONG) + book("2", title="<b>粗</b>", isbn="9787020049295"))
    for address in ("/", "/search", "/m/JN"):
        assert "<b>粗" not in text(reader, address)
    assert "&lt;b&gt;粗&lt;/b&gt;" in text(reader, "/search")
    assert LONG in text(reader, "/search")


def test_staff_see_at_the_top_who_and_where_they_are(hub: Hub) -> None:
    said = {
        "staff": {"name": "宋知微", "place": "济南市图书馆"},
        "staff_nav": [("/", "home"), ("/search", "find")],
        "sign_out": "/leave",
    }
    page = render_to_string("site/staff.html", said, RequestFactory().get("/search"))
    assert 'class="bar bar--staff"' in page
    assert "宋知微" in page
    assert '<div class="bar__here">济南市图书馆</div>' in page
    assert '<a href="/search" aria-current="page">找书</a>' in page
    assert '<form method="post" action="/leave">' in page
