"""The public's pages, as a reader's browser gets them."""

import html
import re
import zlib
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.templatetags.static import static
from django.test import Client
from django.test.utils import override_settings

from lianguan.engine.read.findings import Rule
from lianguan.engine.sentences import sentence
from lianguan.engine.union import database
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.sources import Sources
from tests.union.hub import Hub, book

LONG = "青海湖国家级自然保护区鸟类图鉴与湿地监测方法：附二〇一〇至二〇二二年水鸟同步调查数据" * 3
TIBETAN = "མཚོ་སྔོན་པོའི་རང་བྱུང་ལོ་རྒྱུས།"


def text(reader: Client, address: str, status: int = 200) -> str:
    answer = reader.get(address)
    assert answer.status_code == status, answer.content.decode()[:300]
    return answer.content.decode()


def filled(hub: Hub) -> Hub:
    hub.send("JN", book("1", isbn="9787020049295") + book("2", title=TIBETAN, agent="才让扎西"))
    hub.send("HB", book("A/7", isbn="9787020049295") + book("8", title=LONG, agent="陈若水"))
    return hub


def test_an_empty_catalogue_says_how_to_begin(reader: Client) -> None:
    """Whoever sits at the machine is first of all asked to set the hub up."""
    assert reader.get("/").headers["Location"] == "/setup"
    for address in ("/search?q=x", "/e/whatever23456"):
        page = text(reader, address)
        assert "目录还是空的" in page
        assert "先给联馆起个名字" in page
        assert page.count("现在建立") == 1, "one button"


def test_a_catalogue_of_which_everything_was_withdrawn_is_called_empty_too(
    reader: Client, hub: Hub
) -> None:
    hub.withdraw(hub.send("JN", book("1")))
    assert "目录还是空的" in text(reader, "/")


def test_a_reader_searches_opens_an_entry_and_sees_both_libraries(reader: Client, hub: Hub) -> None:
    filled(hub)
    assert "由各馆 4 条记录合并而成" in text(reader, "/")
    results = text(reader, "/search?q=平凡的世界")
    assert "“平凡的世界”找到 1 种" in results
    address = re.search(r'href="(/e/[a-z2-7]{13})"', results)
    assert address
    entry = text(reader, address[1])
    assert "为什么这些记录放在一起" in entry
    assert "HB 送来的记录 A/7" in entry
    assert "9787020049295" in entry


def test_every_address_of_an_entry_leads_to_its_one_page(reader: Client, hub: Hub) -> None:
    filled(hub)
    with hub.catalogue() as catalogue:
        canonical = catalogue.address_of("JN:1")
        rows = catalogue.connection.execute(
            "SELECT address FROM descriptions WHERE entry = ? AND address <> ?",
            (canonical, canonical),
        )
        other = rows.fetchone()[0]
    for address in (f"/e/{other}", "/r/HB/A/7", "/r/JN/1"):
        assert reader.get(address).headers["Location"] == f"/e/{canonical}"


def test_what_was_withdrawn_is_gone_and_what_never_was_is_not_found(
    reader: Client, hub: Hub
) -> None:
    loaded = hub.send("JN", book("1"))
    with hub.catalogue() as catalogue:
        address = catalogue.address_of("JN:1")
    hub.withdraw(loaded)
    assert "记录已经撤下" in text(reader, f"/e/{address}", 410)
    assert reader.get("/r/JN/1").headers["Location"] == f"/e/{address}"
    assert "没有这个页面" in text(reader, "/e/aaaaaaaaaaaaa", 404)
    assert "没有这个页面" in text(reader, "/nowhere", 404)
    assert "没有这个页面" in text(reader, "/r/JN/99", 404)


@pytest.mark.parametrize("rule", [code for rule in Rule for code in rule.codes])
def test_every_repair_is_named_on_the_page_of_an_entry(reader: Client, hub: Hub, rule: str) -> None:
    """The words of a rule may hold any sign."""
    hub.send("JN", book("1"))
    path = hub.folder() / "catalogue.sqlite"
    with closing(database.connect(path, writing=True)) as connection:
        connection.execute("UPDATE records SET rules = ?", (int(Rule[rule.upper()]),))
    page = reader.get("/r/JN/1", follow=True)
    assert page.status_code == 200
    assert sentence(rule, "zh") in html.unescape(page.content.decode())


def test_a_record_that_went_leads_to_the_entry_that_others_still_have(
    reader: Client, hub: Hub
) -> None:
    loaded = hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    hub.withdraw(loaded)
    with hub.catalogue() as catalogue:
        address = catalogue.address_of("HB:9")
    assert reader.get("/r/JN/1").headers["Location"] == f"/e/{address}"


def test_a_new_generation_is_seen_at_the_next_request(reader: Client, hub: Hub) -> None:
    hub.send("JN", book("1"))
    assert "找到 0" not in text(reader, "/search?q=平凡")
    hub.send("JN", book("2", title="人生"))
    assert "找到 1 种" in text(reader, "/search?q=人生")
    hub.rebuild()
    assert "找到 1 种" in text(reader, "/search?q=人生")


def test_narrowing_keeps_the_words_and_can_be_taken_back(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/search?q=平凡&library=JN")
    assert "去掉：JN" in page
    assert "/search?q=%E5%B9%B3%E5%87%A1" in page
    assert "没有找到" in text(reader, "/search?q=平凡&year=1900")


def test_tibetan_is_marked_and_found_by_its_syllables(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/search?q=རང་བྱུང")
    assert 'lang="bo"><a href="/e/' in page
    assert TIBETAN in page


def test_the_reader_chooses_a_language_and_it_is_remembered(reader: Client, hub: Hub) -> None:
    filled(hub)
    assert '<html lang="zh-Hans">' in text(reader, "/")
    assert "put together from 4 records" in text(reader, "/?lang=en")
    assert '<html lang="en">' in text(reader, "/search?q=人生")
    assert "Nothing found for “qqq”" in text(reader, "/search?q=qqq")


def test_what_a_reader_types_is_text_and_nothing_else(reader: Client, hub: Hub) -> None:
    filled(hub)
    for typed in (
        "<script>alert(1)</script>",
        '"><img src=x>',
        "AND OR (",
        "\x00",
        "🐑" * 500,
        "%",
    ):
        page = text(reader, "/search?" + "q=" + quote(typed))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    for page_number in ("0", "-1", "x", "99999999999"):
        text(reader, f"/search?q=&page={page_number}")


def test_pages_load_nothing_from_elsewhere_and_run_no_script(reader: Client, hub: Hub) -> None:
    filled(hub)
    answer = reader.get("/search?q=平凡")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script|\sstyle=|\son\w+=", answer.content.decode())
    assert reader.get(static("site/lianguan.css")).status_code == 200


def test_a_fault_of_ours_is_said_plainly(hub: Hub) -> None:
    filled(hub)
    reader = Client(raise_request_exception=False)
    with override_settings(DATA=None):
        answer = reader.get("/search?q=x")
    assert answer.status_code == 500
    assert "是系统出了错" in answer.content.decode()


def test_a_title_that_a_system_lost_gives_way_to_another_of_the_record(
    reader: Client, hub: Hub
) -> None:
    hub.send("HB", book("1", title="?????$d海北史话"))
    page = text(reader, "/search?q=海北史话")
    assert re.search(r'<a href="/e/[a-z2-7]{13}">海北史话</a>', page)


def test_a_page_reads_of_the_log_what_its_records_came_with_and_no_more(
    reader: Client, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    for number in range(3, 6):
        hub.send("JN", book(str(number), title="人生"))
    monkeypatch.setattr(Sources, "imports", None)
    read: list[str] = []

    def counted(path: Path) -> bytes:
        read.append(path.name)
        return plain(path)

    plain = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", counted)
    for _ in range(2):
        assert "HB 送来的记录 A/7" in reader.get("/r/JN/1", follow=True).content.decode()
    assert read.count("import.json") == 2


def test_pages_that_need_no_catalogue_are_there_without_one(reader: Client, hub: Hub) -> None:
    for address, status in (("/tips", 200), ("/about", 200), ("/nowhere", 404)):
        text(reader, address, status)
    assert "目录还是空的" in text(reader, "/m/JN")
    assert not hub.root.exists()


def test_a_fault_has_a_number_that_stands_in_the_log_too(
    hub: Hub, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(hub)
    monkeypatch.setattr("lianguan.discovery.queries.found", None)
    answer = Client(raise_request_exception=False).get("/search?q=x")
    number = re.search(r'told__number">([0-9A-F]{6})<', answer.content.decode())
    assert number
    assert number[1] in caplog.text


def test_a_member_has_a_page_unless_its_records_are_not_shown(reader: Client, hub: Hub) -> None:
    filled(hub)
    page = text(reader, "/m/JN")
    assert "2 条记录，合为 2 种" in page
    assert "（今天）" in page
    assert '/search?library=JN"' in page
    assert "/search?library=JN&amp;language=chi" in page
    change_terms(hub.root, "JN", TermsOrder(shown=False))
    for code in ("JN", "NOBODY"):
        assert "没有这个页面" in text(reader, f"/m/{code}", 404)


def test_a_results_page_and_an_entry_are_light(reader: Client, hub: Hub) -> None:
    """The style sheet and a page of twenty long titles; compressed as a server does it."""
    for number in range(30):
        hub.send("JN", book(str(number), title=f"{LONG}{number}{TIBETAN}", agent="陈若水"))
    style = reader.get(static("site/lianguan.css")).getvalue()
    pages = [reader.get(address).content for address in ("/", "/search")]
    weights = [len(zlib.compress(page)) + len(zlib.compress(style)) for page in pages]
    assert max(weights) < 30_000, weights


def test_every_page_has_a_way_in_for_staff_whoever_reads_it(reader: Client, hub: Hub) -> None:
    filled(hub)
    for address in ("/", "/search?q=人生", "/about"):
        assert '<a href="/staff">馆员入口</a>' in text(reader, address)
