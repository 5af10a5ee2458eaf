"""A cataloguer sees what is worth a look in how records were put together."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as people
from django.test import Client
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from lianguan.catalogue import surveyed
from lianguan.engine.union import database
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.survey import FIRST, LARGE
from lianguan.site.command import app
from tests.catalogue.test_sending import carried_out, text
from tests.network.conftest import Seated
from tests.union.hub import Hub, book
from tests.union.test_survey import ISBN, copies, held_apart

MATCHING = "/staff/review/matching"
TIBETAN = "མཚོ་སྔོན་གྱི་དམངས་གླུ།"


@pytest.fixture
def union(network: Path, tmp_path: Path) -> Hub:
    """A catalogue beside the people, with nothing in it yet."""
    (tmp_path / "files").mkdir()
    hub = Hub(tmp_path / "files")
    hub.root = network
    return hub


def fill(hub: Hub) -> None:
    """A little of everything."""
    held_apart(hub)
    hub.send("JN", copies(LARGE + 1), book("s", title=TIBETAN, isbn="9787532742349"))
    hub.send("HB", book("s", title="草原牧歌", isbn="9787532742349"),
             book("x", title="", agent="路遥"))  # fmt: skip
    for library in ("JN", "HB", "GC"):
        hub.send(library, book("c", title=f"{library}的书"))
    for left, right, said in (
        ("JN", "HB", "same"),
        ("HB", "GC", "same"),
        ("GC", "JN", "different"),
    ):
        hub.decide(f"{left}:c", f"{right}:c", said)
    surveyed.count_anew(hub.root)


def page(client: Client) -> str:
    response = client.get(MATCHING)
    assert response.status_code == 200
    return response.content.decode()


def links(html: str) -> set[str]:
    """Where the buttons of the rows lead."""
    return {one.replace("&amp;", "&") for one in re.findall(r'button--line" href="([^"]*)"', html)}


def test_each_kind_has_its_number_and_each_row_leads_to_where_it_can_be_settled(
    at_work: Seated, union: Hub
) -> None:
    fill(union)
    client = at_work("cataloguer")
    html, said = page(client), text(client, MATCHING)
    for kind in (
        "记录太多的条目 1",
        "相符却没有合并的 1",
        "互相矛盾的判断 1",
        "无法比对的记录 1",
    ):
        assert kind in said
    assert "一号多书的 ISBN 1 项" in said
    assert f"{LARGE + 1} 条记录，来自 1 个馆" in said
    assert "济南市图书馆" in said, "by its name"
    assert "ISBN 9787532742349：2 种题名，2 条记录" in said
    assert f'lang="bo">{TIBETAN}' in html
    leading = links(html)
    assert any(one.startswith("/staff/review/pair?left=") for one in leading)
    assert any(one.startswith("/staff/review/entry/") for one in leading)
    assert "/search?q=9787532742349" in leading
    for one in leading:
        assert client.get(one).status_code == 200, one


def test_the_page_is_in_english_too(at_work: Seated, union: Hub) -> None:
    fill(union)
    client = at_work("cataloguer")
    client.cookies["language"] = "en"
    said = text(client, MATCHING)
    assert "Entries with too many records cases: 1" in said
    assert f"records: {LARGE + 1}, of libraries: 1" in said
    assert not re.search("concern_|why_|case_|matching_", said), "every code has its sentence"


def test_a_union_in_which_all_is_well_says_so(at_work: Seated, union: Hub) -> None:
    union.send("JN", book("1"))
    surveyed.count_anew(union.root)
    said = text(at_work("cataloguer"), MATCHING)
    assert "没有发现要看的" in said
    assert "共 1 条记录、1 个条目、1 个馆" in said
    assert "记录太多的条目 0 项" in said


def test_before_anything_was_counted_the_page_says_that_it_will_be(
    at_work: Seated, union: Hub
) -> None:
    union.send("JN", book("1"))
    html = page(at_work("cataloguer"))
    assert "还没有统计完" in html
    assert 'http-equiv="refresh"' in html, "and looks again, without a script too"


def test_without_a_catalogue_the_page_says_why_there_is_nothing(at_work: Seated) -> None:
    html = page(at_work("cataloguer"))
    assert "目录里还没有记录" in html
    assert 'href="/staff/imports/new"' in html, "and how that is ended"


def test_a_catalogue_of_which_all_was_withdrawn_is_called_empty(
    at_work: Seated, union: Hub
) -> None:
    union.withdraw(union.send("JN", book("1")))
    assert "目录里还没有记录" in page(at_work("cataloguer"))


def test_a_catalogue_that_cannot_be_read_is_no_fault_of_the_page(
    at_work: Seated, union: Hub
) -> None:
    fill(union)
    (union.folder() / "index" / "meta.json").write_text("garbage")
    assert "记录太多的条目" not in page(at_work("cataloguer"))


def test_what_is_settled_since_it_was_counted_is_left_out(
    network: Path, at_work: Seated, union: Hub
) -> None:
    fill(union)
    client = at_work("cataloguer")
    before = links(page(client))
    union.decide("GC:c", "JN:c", "open")
    carried_out(network)
    pairs = [one for one in before - links(page(client)) if "pair" in one]
    assert len(pairs) == 1, "the decisions no longer contradict each other"
    assert "列出的几项在统计以后都已经处理了" in page(client)


def test_what_a_library_no_longer_shows_is_gone_from_the_page_at_once(
    at_work: Seated, union: Hub
) -> None:
    fill(union)
    assert TIBETAN in page(at_work("cataloguer"))
    change_terms(union.root, "JN", TermsOrder(shown=False))
    html = page(at_work("cataloguer"))
    assert TIBETAN not in html
    assert "草原牧歌" in html


def test_the_ways_to_the_page_are_for_those_who_may_open_it(at_work: Seated, union: Hub) -> None:
    union.send("JN", book("1"))
    assert f'href="{MATCHING}"' in at_work("cataloguer").get("/staff/review").content.decode()
    assert f'href="{MATCHING}"' in at_work("cataloguer").get("/staff/health").content.decode()
    assert f'href="{MATCHING}"' not in at_work("bureau").get("/staff/health").content.decode()


def test_the_page_asks_as_little_of_a_large_union_as_of_a_small_one(
    at_work: Seated, union: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(union)
    client = at_work("cataloguer")
    asked: list[str] = []
    whole = database.connect

    def told(path: Path, *, writing: bool = False) -> Any:
        opened = whole(path, writing=writing)
        opened.set_trace_callback(asked.append)
        return opened

    def questions() -> tuple[int, int, int]:
        asked.clear()
        with CaptureQueriesContext(people) as of_people:
            rows = page(client).count("<tr>")
        return len(asked), len(of_people), rows

    monkeypatch.setattr(database, "connect", told)
    page(client)  # the first of a session is noted
    small = questions()
    titles = [f"{a}{b}" for a in "春夏秋冬" for b in "山河湖海风云"]
    union.send("JN", *(copies(LARGE + 1, f"{one}的故事") for one in titles),
               *(book(one, title=f"{one}的歌", isbn=ISBN) for one in titles))  # fmt: skip
    surveyed.count_anew(union.root)
    large = questions()
    assert small[:2] == large[:2]
    assert small[2] < large[2] <= 6 * (FIRST + 1)


def test_an_entry_with_too_many_records_can_be_read_and_parted_to_its_end(
    network: Path, at_work: Seated, union: Hub
) -> None:
    union.send("HB", copies(120))
    [address] = set(union.entries().values())
    client, seen = at_work("cataloguer"), set()
    for number in ("1", "2", "3"):
        html = client.get(f"/staff/review/entry/{address}?page={number}").content.decode()
        seen |= set(re.findall(r'name="record" value="([^"]*)" form="part"', html))
    assert len(seen) == 120
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html
    beyond = client.get(f"/staff/review/entry/{address}?page=99").content.decode()
    assert beyond.count('form="part"') == html.count('form="part"'), "the last page"
    assert client.get(f"/staff/review/entry/{address}?page=x").status_code == 200


def test_the_command_line_says_the_same(union: Hub, network: Path) -> None:
    fill(union)
    env = {"LIANGUAN_DATA": str(network), "LANG": "zh_CN.UTF-8"}
    run = CliRunner().invoke(app, ["matching", "--json"], env=env)
    said = json.loads(run.stdout)
    kept = surveyed.last(network)
    assert kept
    assert {one["code"]: one["total"] for one in said["concerns"]} == {
        one.code: one.total for one in kept.survey.concerns
    }
    assert said["most"] == LARGE
    shown = CliRunner().invoke(app, ["matching"], env=env).stdout
    assert "9787532742349" in shown
    assert TIBETAN in shown
    assert f"+{LARGE + 1 - 3}" in shown, "how many more there are than are named"


def test_the_command_line_says_that_there_is_no_catalogue(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["matching"], env={"LIANGUAN_DATA": str(tmp_path)})
    assert run.exit_code == 1
