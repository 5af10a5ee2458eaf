"""A cataloguer decides whether two records are one edition: what is offered, what comes of it, and
how it is taken back."""

import datetime
import re
import uuid
from pathlib import Path

import pytest
from django.test import Client

from lianguan.catalogue import judging, queries, review
from lianguan.catalogue.models import Judgement, PutOff
from lianguan.catalogue.review_views import BUTTONS
from lianguan.engine.match.decide import POINTS, SAME_UP_TO
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.decisions import DecisionLog
from lianguan.engine.union.doubts import Doubts
from lianguan.engine.union.keys import address_of, parted
from lianguan.journal.models import Line
from lianguan.site.finishing import finish, tidy
from tests.at_once import at_once
from tests.catalogue.test_cut_short import Stopped, lines, stop
from tests.catalogue.test_sending import carried_out, text
from tests.network import world
from tests.network.conftest import Seated
from tests.union.hub import Hub, book

REVIEW = "/staff/review"


@pytest.fixture
def union(network: Path, tmp_path: Path) -> Hub:
    """A catalogue beside the people: five pairs in doubt between JN and HB, the third in three
    copies, and one between JN and MY."""
    (tmp_path / "files").mkdir()
    hub = Hub(tmp_path / "files")
    hub.root = network
    titles = ("人生", "平凡的世界", "早晨从中午开始", "惊心动魄的一幕", "在困难的日子里")
    hub.send("JN", b"".join(book(str(n), title=one, publisher="") for n, one in enumerate(titles)),
             book("my", title="青海湖", publisher=""), name="a.mrc")  # fmt: skip
    hub.send("HB", b"".join(
        book(str(n), title=one, publisher="作家出版社",
             extra="\n".join(f"905   $aHB$bB{n}{i}" for i in range(3 if n == 2 else 1)))
        for n, one in enumerate(titles)
    ))  # fmt: skip
    hub.send("MY", book("my", title="青海湖", publisher="作家出版社"))
    return hub


def offered(client: Client) -> tuple[str, str]:
    """The records that are offered; ("", "") if none are."""
    page = client.get(REVIEW).content.decode()
    form = page.partition('class="decide"')[2]
    found = re.findall(r'name="(?:left|right)" value="([^"]*)"', form)
    return (found[0], found[1]) if found else ("", "")


def say(
    client: Client, two: tuple[str, str], said: str, page: str = REVIEW, **more: str
) -> tuple[int, str]:
    """Press a button; the status, and where it leads."""
    form = {"left": two[0], "right": two[1], "do": said, "seen": "open", "act": str(uuid.uuid4())}
    answer = client.post(page, form | more)
    return answer.status_code, answer.headers.get("Location", "")


def numbers(two: tuple[str, str]) -> str:
    return two[0].partition(":")[2]


def test_what_most_have_is_offered_first_and_a_decision_joins_it(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    two = offered(client)
    assert two == ("HB:2", "JN:2"), "three copies and one"
    page = text(client, REVIEW)
    assert "待看 6 对" in page
    assert "济南市图书馆" in page
    assert "出版者" in page
    with UnionCatalogue(union.root) as opened:
        why = opened.explain(*two)
    assert f"各项合计 {why.points} 分" in page
    assert ("分数够低" in page) == (why.points <= SAME_UP_TO)
    assert re.search(rf"{POINTS['publisher']['missing']}\s*分", page)
    assert say(client, two, "same") == (302, REVIEW)
    assert offered(client) not in (two, ("", "")), "the next, before anybody has built"
    carried_out(network)
    assert frozenset(two) in union.together()
    [line] = Line.objects.filter(did="pair_judged")
    assert str(world.staff("cataloguer")) in line.said
    assert "HB:2" not in line.said, "records are named by their addresses"


@pytest.mark.parametrize(("said", "words"), [("different", "不同"), ("work", "同一作品")])
def test_what_is_said_is_kept_and_listed_with_who_said_it(
    network: Path, at_work: Seated, union: Hub, said: str, words: str
) -> None:
    client = at_work("cataloguer")
    two = offered(client)
    say(client, two, said)
    carried_out(network)
    assert frozenset(two) not in union.together()
    listed = text(client, f"{REVIEW}/decided")
    assert words in listed
    assert "周明" in listed
    union.rebuild()
    assert offered(client) != two, "for good"


def test_the_last_decision_is_undone_with_one_key(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    first = offered(client)
    say(client, first, "different")
    second = offered(client)
    say(client, second, "same")
    page = client.get(REVIEW).content.decode()
    assert 'data-key="u"' in page
    status, where = say(client, second, "open", seen="same")
    assert status == 302
    assert "/pair?" in where
    assert "规则拿不准" in text(client, where)
    assert offered(client) == second
    assert numbers(first) in text(client, REVIEW), "now the one before can be undone"
    carried_out(network)
    assert frozenset(second) not in union.together()


def test_a_decision_is_taken_back_from_the_list_once(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    two = offered(client)
    say(client, two, "same")
    carried_out(network)
    assert say(client, two, "open", f"{REVIEW}/decided", seen="same")[0] == 302
    assert say(client, two, "open", f"{REVIEW}/decided", seen="same")[0] == 422, "it was, meanwhile"
    carried_out(network)
    assert frozenset(two) not in union.together()
    assert "收回判断" in text(client, f"{REVIEW}/decided")
    assert offered(client) == two


def test_later_puts_a_pair_behind_the_others_for_one_person_until_tomorrow(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client, other = at_work("cataloguer"), at_work("administrator")
    first = offered(client)
    say(client, first, "later")
    seen = {first}
    for _ in range(5):
        two = offered(client)
        assert two not in seen
        seen.add(two)
        say(client, two, "later")
    assert offered(client) == first, "when none else is left it comes again"
    assert offered(other) == first, "it is nobody else's business"
    assert Line.objects.filter(did="pair_judged").count() == 0
    PutOff.objects.update(day=datetime.date(2026, 1, 1))
    assert offered(client) == first
    tidy()
    assert not PutOff.objects.exists()


def test_nobody_is_offered_more_than_a_person_can_look_at_on_one_day(
    network: Path, at_work: Seated, union: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "MOST_A_DAY", 2)
    client = at_work("cataloguer")
    say(client, offered(client), "different")
    say(client, offered(client), "later")
    page = text(client, REVIEW)
    assert "今天的 2 对看完了" in page
    assert "还有 5 对" in page
    assert offered(client) == ("", "")
    assert offered(at_work("administrator")) != ("", "")
    Judgement.objects.update(day=datetime.date(2026, 1, 1))
    PutOff.objects.update(day=datetime.date(2026, 1, 1))
    assert offered(client) != ("", "")


def test_where_nothing_is_in_doubt_or_nothing_loaded_the_page_says_so(
    network: Path, at_work: Seated, tmp_path: Path
) -> None:
    client = at_work("cataloguer")
    assert offered(client) == ("", "")
    assert 'class="empty"' in client.get(REVIEW).content.decode()
    (tmp_path / "files").mkdir()
    hub = Hub(tmp_path / "files")
    hub.root = network
    hub.send("HB", book("1"))
    assert "没有要请您看的" in text(client, REVIEW)


def test_who_looks_after_none_of_the_two_libraries_can_look_and_not_decide(
    network: Path, at_work: Seated, union: Hub, tmp_path: Path
) -> None:
    union.send("JN", book("x", title="湖畔", publisher=""))
    union.send("GC", book("x", title="湖畔", publisher="作家出版社"))
    client, hub = at_work("cataloguer"), at_work("hub")
    two = ("GC:x", "JN:x")
    address = f"{REVIEW}/pair?left=GC:x&right=JN:x"
    assert "不能由您判断" in text(client, address)
    for page in (REVIEW, f"{REVIEW}/pair", f"{REVIEW}/decided"):
        assert say(client, two, "same", page)[0] == 403
    assert not Judgement.objects.exists()
    assert say(hub, two, "same", f"{REVIEW}/pair")[0] == 302, (
        "though the network has no such library"
    )
    assert numbers(two) not in text(client, f"{REVIEW}/decided")


def test_a_button_that_is_pressed_twice_counts_once(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client, act = at_work("cataloguer"), str(uuid.uuid4())
    two = offered(client)
    answers: list[int] = []

    def press() -> None:
        answers.append(say(client, two, "same", act=act)[0])

    at_once([press, press])
    assert answers == [302, 302]
    assert lines("pair_judged") == Judgement.objects.count() == 1
    assert len(list(DecisionLog(network).every())) == 1


def test_two_who_decide_on_one_pair_otherwise_are_told(
    network: Path, at_work: Seated, union: Hub
) -> None:
    one, other = at_work("cataloguer"), at_work("administrator")
    two = offered(one)
    assert say(one, two, "same")[0] == 302
    assert say(other, two, "different")[0] == 422
    assert [line.said for line in DecisionLog(network).every()] == ["same"]
    assert say(other, two, "different", f"{REVIEW}/pair", seen="same")[0] == 302, "knowing it"


def test_what_holds_already_is_not_written_again(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    two = offered(client)
    say(client, two, "different")
    assert say(client, two, "different", f"{REVIEW}/pair", seen="different")[0] == 302
    assert Judgement.objects.count() == len(list(DecisionLog(network).every())) == 1
    say(client, two, "same", f"{REVIEW}/pair", seen="different")
    assert [line.said for line in DecisionLog(network).every()] == ["different", "same"]


@pytest.mark.parametrize("at", ["mark_decided", "write_judgement"])
def test_a_decision_that_is_cut_short_is_finished_by_the_worker_once(
    network: Path, at_work: Seated, union: Hub, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    client = at_work("cataloguer")
    two = offered(client)
    with monkeypatch.context() as stopped:
        stopped.setattr(judging, at, stop)
        with pytest.raises(Stopped):
            say(client, two, "same")
    assert lines("pair_judged") == 1
    assert not list(DecisionLog(network).every())
    assert judging.holding(two) == "same", "it is known already"
    finish(network)
    finish(network)
    assert len(list(DecisionLog(network).every())) == 1
    assert queries.unwritten_judgements() == []
    carried_out(network)
    assert frozenset(two) in union.together()


def test_kept_and_not_noted_it_is_not_kept_again(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    say(client, offered(client), "same")
    Judgement.objects.update(is_done=False)
    finish(network)
    assert len(list(DecisionLog(network).every())) == 1


def test_any_two_records_are_set_beside_each_other_with_the_reason(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    union.send("HB", book("v1", title="青海通史 上册") + book("v2", title="青海通史 下册"))
    apart = text(client, f"{REVIEW}/pair?left=HB:v1&right=HB:v2")
    assert "有不能合并的理由" in apart
    assert "卷册不同" in apart
    assert "相同的项目不够" in text(client, f"{REVIEW}/pair?left=HB:v1&right=HB:0")
    answer = client.get(f"{REVIEW}/pair?left=HB:v1&right=HB:nowhere")
    assert answer.status_code == 422
    assert "另一条记录" in text(client, f"{REVIEW}/pair")


def test_a_record_is_parted_from_its_entry_and_every_address_leads_on(
    network: Path, at_work: Seated, union: Hub
) -> None:
    same = {"title": "青海湖志", "isbn": "9787020049295"}
    for library in ("HB", "JN", "MY"):
        union.send(library, book("p", **same))
    entry = union.entries()["HB:p"]
    addresses = {key: address_of(*parted(key)) for key in ("HB:p", "JN:p", "MY:p")}
    client = at_work("cataloguer")
    page = f"{REVIEW}/entry/{entry}"
    assert text(client, page).count("分出去") >= 2
    answer = client.post(page, {"do": "part", "record": "HB:p"})
    assert answer.status_code == 302
    carried_out(network)
    assert frozenset({"HB:p"}) in union.together()
    assert frozenset({"JN:p", "MY:p"}) in union.together()
    for key, one in addresses.items():
        reached = client.get(f"/e/{one}", follow=True)
        assert reached.status_code == 200
        assert key.partition(":")[2] in reached.content.decode()
    assert client.get(f"{REVIEW}/entry/{addresses['JN:p']}").status_code == 200
    alone = f"{REVIEW}/entry/{addresses['HB:p']}"
    assert client.post(alone, {"do": "part", "record": "HB:p"}).status_code == 422
    back = client.post(page, {"do": "join", "record": "HB:p", "other": addresses["JN:p"]})
    assert back.status_code == 422, "somebody has parted them: that is to be taken back first"
    assert "请先收回" in back.content.decode()


def test_another_entry_is_joined_by_its_address_or_a_number_though_the_rules_forbid_it(
    network: Path, at_work: Seated, union: Hub
) -> None:
    union.send("HB", book("a", title="青海通史", extra="205   $a第2版"))
    union.send("JN", book("b", title="青海通史", extra="205   $a第3版"))
    union.send("MY", book("c", title="青海通史", extra="205   $a第3版"))
    client = at_work("cataloguer")
    page = f"{REVIEW}/entry/{union.entries()['HB:a']}"
    assert len({*map(union.entries().get, ("HB:a", "JN:b", "MY:c"))}) == 2
    refused = client.post(page, {"do": "join", "record": "HB:a", "other": "nothing"})
    assert refused.status_code == 422
    where = f"http://hub.example/e/{union.entries()['JN:b']}"
    assert client.post(page, {"do": "join", "record": "HB:a", "other": where}).status_code == 302
    carried_out(network)
    assert frozenset({"HB:a", "JN:b", "MY:c"}) in union.together()
    again = client.post(page, {"do": "join", "record": "HB:a", "other": "JN:b"})
    assert again.status_code == 422
    assert client.get(f"{REVIEW}/entry/aaaaaaaaaaaaa").status_code == 404


def test_readers_find_the_way_for_cataloguers_and_are_asked_to_sign_in(
    network: Path, at_work: Seated, union: Hub
) -> None:
    entry = union.entries()["HB:0"]
    page = Client().get(f"/e/{entry}").content.decode()
    assert f"{REVIEW}/entry/{entry}" in page
    assert Client().get(f"{REVIEW}/entry/{entry}").status_code == 302


def test_what_waits_is_what_the_engine_doubts(network: Path, at_work: Seated, union: Hub) -> None:
    with UnionCatalogue(network) as opened:
        assert len(Doubts(opened)) == 6
    seen = set()
    client = at_work("cataloguer")
    while (two := offered(client)) != ("", ""):
        say(client, two, "different")
        seen.add(two)
    assert len(seen) == 6


def test_each_answer_is_a_button_with_its_key_and_no_script_stands_in_the_page(
    network: Path, at_work: Seated, union: Hub
) -> None:
    client = at_work("cataloguer")
    answer = client.get(REVIEW)
    page = answer.content.decode()
    buttons = re.findall(r'name="do" value="(\w+)" accesskey="(\w)" data-key="(\w)"', page)
    assert buttons == [(said, key, key) for said, key in BUTTONS]
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "收入" in text(client, REVIEW), "both records as they were sent"
