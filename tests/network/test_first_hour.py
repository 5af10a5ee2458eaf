"""The first hour of a hub: from an empty folder to libraries and staff, also when somebody goes away
in the middle, and never by somebody who has no business there."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lianguan.journal import queries as journal
from lianguan.network import queries, setup
from lianguan.network.models import Place, Staff
from tests.at_once import at_once
from tests.network.world import PASSWORD
from tests.union.hub import Hub, book

ME = {
    "hub": "济南—海北公共图书馆联馆", "name": "陈志远", "sign_in": "chen", "password": PASSWORD,
    "again": PASSWORD,
}  # fmt: skip
LIST = "济南市图书馆\n海北州图书馆\n\t门源县图书馆\n\t\t浩门镇文化站\n"
FROM_ELSEWHERE: dict[str, Any] = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture
def browser(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """At the machine, on which nobody has been yet."""
    monkeypatch.delenv(setup.VARIABLE, raising=False)
    return Client()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_from_an_empty_folder_to_libraries_in_three_steps(browser: Client) -> None:
    assert browser.get("/").headers["Location"] == "/setup"
    assert "建立联馆" in browser.get("/setup").content.decode()
    on = browser.post("/setup", ME).headers["Location"]
    page = browser.get(on).content.decode()
    assert "您已登录" in page
    under = re.search(r'<option value="([\w-]+)"', page)
    assert under
    said = {"list": LIST, "under": under[1]}
    page = browser.post("/staff/places/check", said).content.decode()
    assert "认出 4 个馆点" in page
    assert [one.code for one in queries.places()] == ["HUB"]
    done = browser.post("/staff/places/add", said | {"code_2": "HBZ", "act": hidden(page, "act")})
    assert done.headers["Location"] == "/staff/places?done=places_added"
    assert {one.code: one.depth for one in queries.places()} == {
        "HUB": 0, "JN": 1, "HBZ": 1, "MY": 2, "MY-01": 3,
    }  # fmt: skip
    assert "送进第一个文件" in browser.get("/staff").content.decode()
    hub = queries.hub()
    assert hub
    assert journal.first_broken(str(hub.id)) is None


def test_left_half_way_it_goes_on_after_signing_in(browser: Client) -> None:
    browser.post("/setup", ME)
    later = Client()
    assert later.get("/setup").headers["Location"] == "/sign-in"
    later.post("/sign-in", {"sign_in": "chen", "password": PASSWORD})
    assert "添加成员馆" in later.get("/staff").content.decode()
    assert "成员馆与馆点" in later.get("/staff/places").content.decode()


@pytest.mark.parametrize(("wrong", "said"), [
    ({"hub": " "}, "请填写这一项"),
    ({"hub": "馆" * 101}, "太长了"),
    ({"name": "陈\x07志远"}, "控制字符"),
    ({"sign_in": "a"}, "2 至 64"),
    ({"sign_in": "chen zhiyuan"}, "2 至 64"),
    ({"password": "short"}, "至少要 10 个字符"),
    ({"again": "other"}, "两次输入的密码不一样"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_what_was_written_is_kept(
    browser: Client, wrong: dict[str, str], said: str
) -> None:
    answer = browser.post("/setup", ME | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    for name in {"hub", "name", "sign_in"} - set(wrong):
        assert f'value="{ME[name]}"' in page
    assert PASSWORD not in page
    assert not queries.is_founded()


def test_the_page_is_there_in_english_too(browser: Client) -> None:
    assert "Set up the hub" in browser.get("/setup?lang=en").content.decode()


def test_set_up_once_it_is_not_set_up_again(browser: Client) -> None:
    browser.post("/setup", ME)
    Client().post("/setup", ME | {"sign_in": "other", "hub": "Mine"})
    assert Place.objects.get(kind="hub").name == ME["hub"]
    assert Staff.objects.count() == 1
    assert browser.get("/").status_code == 200


def test_of_two_who_set_it_up_at_once_one_does(browser: Client) -> None:
    forms = [ME | {"sign_in": name} for name in ("one", "two")]
    at_once([partial(Client().post, "/setup", form) for form in forms])
    assert Place.objects.count() == 1
    assert Staff.objects.count() == 1


class TestWhoMay:
    def test_not_somebody_on_the_network(self, browser: Client) -> None:
        for method in (browser.get, browser.post):
            answer = method("/setup", ME, **FROM_ELSEWHERE)
            assert answer.status_code == 403
            assert "在运行联馆的这台机器上" in answer.content.decode()
        assert browser.get("/", **FROM_ELSEWHERE).status_code == 200
        assert not queries.is_founded()

    @pytest.mark.parametrize("sign", setup.OF_A_SERVER_IN_FRONT)
    def test_not_through_a_web_server_on_this_machine(self, browser: Client, sign: str) -> None:
        passed_on: dict[str, Any] = {sign: "10.0.0.9"}
        assert browser.post("/setup", ME, **passed_on).status_code == 403
        assert not queries.is_founded()

    def test_not_where_the_machine_was_given_names_on_a_network(
        self, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "HOSTS_SAID", "union.example.org")
        assert browser.get("/setup").status_code == 403

    def test_with_the_word_from_anywhere_and_without_it_from_nowhere(
        self, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(setup.VARIABLE, "雪莲-7")
        for word in ("", "wrong", "雪莲"):
            for said in (dict[str, Any](), FROM_ELSEWHERE):
                answer = browser.post("/setup", ME | {"word": word}, **said)
                assert answer.status_code == 403, word
        assert "口令不对" in browser.get("/setup?word=wrong").content.decode()
        page = browser.get("/setup?word=雪莲-7", **FROM_ELSEWHERE).content.decode()
        assert hidden(page, "word") == "雪莲-7"
        assert browser.post("/setup", ME | {"word": "雪莲-7"}, **FROM_ELSEWHERE).status_code == 302
        assert queries.is_founded()


class TestWithRecords:
    """The demonstration: records are loaded, and nobody set up a hub."""

    @pytest.fixture
    def loaded(self, browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
        (tmp_path / "loaded").mkdir()
        hub = Hub(tmp_path / "loaded")
        hub.send("CN-JN", book("1"))
        profile = hub.root / "sources" / "CN-JN" / "profile.json"
        profile.write_text(
            profile.read_text("utf-8").replace('"name": ""', '"name": "济南市图书馆"'), "utf-8"
        )
        monkeypatch.setattr(settings, "DATA", hub.root)
        return browser

    def test_the_public_pages_show_and_setting_up_is_offered_to_who_sits_there(
        self, loaded: Client
    ) -> None:
        answer = loaded.get("/")
        assert answer.status_code == 200
        assert 'href="/setup"' in answer.content.decode()
        assert "现在建立" in loaded.get("/search").content.decode()
        for client in (loaded.get("/", **FROM_ELSEWHERE), loaded.get("/setup")):
            assert "现在建立" not in client.content.decode()

    def test_once_set_up_it_is_offered_no_more(self, loaded: Client) -> None:
        loaded.post("/setup", ME)
        assert "现在建立" not in loaded.get("/").content.decode()

    def test_the_libraries_that_have_records_stand_in_the_list_with_their_codes(
        self, loaded: Client
    ) -> None:
        loaded.post("/setup", ME)
        page = loaded.get("/staff/places").content.decode()
        assert "济南市图书馆\tCN-JN" in page
        under = str(Place.objects.get().id)
        page = loaded.post(
            "/staff/places/check", {"list": "济南市图书馆", "under": under}
        ).content.decode()
        assert 'value="CN-JN"' in page
