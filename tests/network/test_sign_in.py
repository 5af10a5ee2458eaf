"""The door: who gets in, who has to wait, and what stays with whoever went out."""

import copy
import datetime
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from lianguan.journal.ids import new_id
from lianguan.network import actions, queries
from tests.network import world
from tests.network.world import PASSWORD

DOOR = "/sign-in"
NOW = datetime.datetime(2026, 3, 2, 1, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.usefixtures("network")


def knock(client: Client, name: str = "desk", password: str = PASSWORD, **said: Any) -> Any:
    return client.post(DOOR, {"sign_in": name, "password": password}, **said)


def is_in(client: Client) -> bool:
    return client.get("/staff").status_code == 200


def test_somebody_signs_in_and_sees_their_name_and_role(reader: Client) -> None:
    assert knock(reader).headers["Location"] == "/staff"
    said = reader.get("/staff").content.decode()
    assert "马小花" in said
    assert "借还台" in said
    assert "海北州图书馆" in said


def test_the_name_may_be_written_in_capitals_and_with_blanks_around_it(reader: Client) -> None:
    knock(reader, "  DESK ")
    assert is_in(reader)


@pytest.mark.parametrize(
    ("name", "password"),
    [("desk", "wrong"), ("nobody", PASSWORD), ("", ""), ("desk", ""), ("desk\x00", PASSWORD)],
)
def test_who_says_the_wrong_thing_stays_out_and_is_not_told_which(
    reader: Client, name: str, password: str
) -> None:
    said = knock(reader, name, password).content.decode()
    assert "登录名或密码不对" in said
    assert not is_in(reader)


def test_whoever_was_shut_out_is_out_at_once_and_does_not_get_in(reader: Client) -> None:
    knock(reader)
    assert is_in(reader)
    actions.deactivate(world.act(), staff=world.staff("desk"))
    assert not is_in(reader)
    knock(reader)
    assert not is_in(reader)
    actions.activate(world.act(), staff=world.staff("desk"))
    knock(reader)
    assert is_in(reader)


def test_a_new_password_puts_everybody_out_who_came_in_with_the_old(reader: Client) -> None:
    knock(reader)
    actions.change_password(
        world.act(), staff=world.staff("desk"), password="one that is quite new"
    )
    assert not is_in(reader)
    knock(reader)
    assert not is_in(reader)
    knock(reader, password="one that is quite new")
    assert is_in(reader)


def test_the_session_has_another_number_after_the_door_than_before(reader: Client) -> None:
    reader.cookies["session"] = "a" * 32  # somebody else has set it
    knock(reader)
    first = reader.cookies["session"].value
    assert first != "a" * 32
    knock(reader, "keeper")
    assert reader.cookies["session"].value != first
    assert Session.objects.count() == 1  # that of the desk is gone


def test_signed_out_the_old_cookie_opens_nothing_any_more(reader: Client) -> None:
    knock(reader)
    old = reader.cookies["session"].value
    assert reader.get("/sign-out").status_code == 405
    assert is_in(reader)
    reader.post("/sign-out")
    assert not is_in(reader)
    reader.cookies["session"] = old
    assert not is_in(reader)
    assert not Session.objects.exists()


def test_cookies_are_not_for_scripts_nor_for_other_sites_and_by_https_for_https_alone(
    reader: Client,
) -> None:
    for is_secure in (False, True):
        reader.get(DOOR, secure=is_secure)
        knock(reader, secure=is_secure)
        for name in ("session", "form"):
            cookie = reader.cookies[name]
            assert cookie["httponly"], name
            assert cookie["samesite"] == "Lax", name
            assert bool(cookie["secure"]) is is_secure, name


def test_a_form_without_our_sign_changes_nothing_and_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    said = knock(client)
    assert said.status_code == 403
    assert "表单已经过期" in said.content.decode()
    assert not is_in(client)
    page = client.get(DOOR).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    client.post(DOOR, {"sign_in": "desk", "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
    assert is_in(client)
    assert client.post("/staff/people/add").status_code == 403


@pytest.mark.parametrize("elsewhere", [
    "https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "http:example.org",
    "\thttps://example.org", "", "///example.org",
])  # fmt: skip
def test_after_the_door_nobody_is_sent_to_another_site(reader: Client, elsewhere: str) -> None:
    said = reader.post(DOOR, {"sign_in": "desk", "password": PASSWORD, "next": elsewhere})
    assert said.headers["Location"] == "/staff"


def test_after_the_door_comes_the_page_that_was_wanted(reader: Client) -> None:
    said = reader.get("/staff/places?done=renamed")
    assert said.headers["Location"] == "/sign-in?next=%2Fstaff%2Fplaces%3Fdone%3Drenamed"
    page = reader.get(said.headers["Location"]).content.decode()
    assert 'name="next" value="/staff/places?done=renamed"' in page
    done = reader.post(
        DOOR, {"sign_in": "desk", "password": PASSWORD, "next": "/staff/places?done=renamed"}
    )
    assert done.headers["Location"] == "/staff/places?done=renamed"


def test_pages_at_work_stay_in_no_browser_and_public_ones_remember_nobody(
    reader: Client,
) -> None:
    knock(reader)
    assert reader.get("/staff").headers["Cache-Control"] == "no-store"
    of_all = Client().get("/health")
    assert not of_all.cookies
    assert "no-store" not in of_all.headers.get("Cache-Control", "")


class TestSignedOutMeanwhile:
    """The session ended while somebody was writing."""

    LIST = "泉城分馆\n\t<b>第二</b>书房\n\tམཚོ་བྱང་།"

    def form(self, page: str) -> dict[str, str]:
        """What stands in the form of a page, as a browser sends it."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        found += re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n([^<]*)</textarea>', page)
        return {name: html.unescape(said) for name, said in found}

    def test_a_pasted_list_is_there_after_the_door_and_is_sent_again(self, reader: Client) -> None:
        under = {"under": str(world.place("JN")), "act": str(new_id())}
        form = {"list": self.LIST, "kind_3": "room", "code_1": "JN-9", **under}
        door = reader.post("/staff/places/check", form)
        assert door.status_code == 403
        assert "登录已经过期" in door.content.decode()
        kept = self.form(door.content.decode())
        missed = reader.post(DOOR, kept | {"sign_in": "hub", "password": "wrong"})
        kept = self.form(missed.content.decode())
        page = reader.post(DOOR, kept | {"sign_in": "hub", "password": PASSWORD}).content.decode()
        assert 'action="/staff/places/check"' in page
        assert "&lt;b&gt;第二&lt;/b&gt;书房" in page
        again = self.form(page)
        assert form.items() <= again.items()
        assert "认出 3 个馆点" in reader.post("/staff/places/check", again).content.decode()

    def test_no_password_waits_at_the_door(self, reader: Client) -> None:
        form = {"sign_in": "dorje", "name": "多杰", "password": "a secret of mine",
                "again": "a secret of mine", "old": "a secret of mine"}  # fmt: skip
        door = reader.post("/staff/people/add", form)
        assert "secret" not in door.content.decode()
        assert door.headers["Cache-Control"] == "no-store"
        kept = self.form(door.content.decode())
        page = reader.post(DOOR, kept | {"sign_in": "hub", "password": PASSWORD}).content.decode()
        answer = reader.post("/staff/people/add", self.form(page))
        assert answer.status_code == 422
        assert 'value="多杰"' in answer.content.decode()

    def test_who_only_pressed_a_button_comes_to_the_page_on_which_it_stands(
        self, reader: Client
    ) -> None:
        desk = world.staff("desk")
        page = reverse("network:deactivate", args=[desk])
        door = reader.post(page, {"act": str(new_id())}).headers["Location"]
        wanted = self.form(reader.get(door).content.decode())
        on = reader.post(DOOR, wanted | {"sign_in": "hub", "password": PASSWORD}, follow=True)
        assert on.request["PATH_INFO"] == reverse("network:one_staff", args=[desk])
        assert is_in(reader)

    @pytest.mark.parametrize("nonsense", ["", "&", "=", "%", "\x00", "a" * 500_000, "[[[["])
    def test_whatever_stands_for_what_was_not_sent_one_gets_in(
        self, reader: Client, nonsense: str
    ) -> None:
        said = {"sign_in": "desk", "password": PASSWORD, "unsent": nonsense}
        assert reader.post(DOOR, said).status_code in (200, 302)
        assert is_in(reader)

    def test_what_was_not_sent_is_sent_to_no_other_site(self, reader: Client) -> None:
        said = {"sign_in": "desk", "password": PASSWORD, "unsent": "a=b+c"}
        page = reader.post(DOOR, said | {"next": "https://example.org/"}).content.decode()
        assert 'action="/staff"' in page
        assert "example.org" not in page


class TestOwnPassword:
    PAGE = "/staff/password"
    NEW: ClassVar = {
        "old": PASSWORD,
        "password": "a better one for me",
        "again": "a better one for me",
    }

    def test_it_is_changed_and_one_stays_in(self, at_work: Callable[[str], Client]) -> None:
        client, elsewhere = at_work("desk"), at_work("desk")
        assert (
            client.post(self.PAGE, self.NEW).headers["Location"] == "/staff?done=password_changed"
        )
        assert is_in(client)
        assert not is_in(elsewhere)
        fresh = Client()
        knock(fresh, password="a better one for me")
        assert is_in(fresh)

    @pytest.mark.parametrize(("wrong", "said"), [
        ({"old": "not this"}, "现在的密码不对"),
        ({"password": "short", "again": "short"}, "至少要 10 个字符"),
        ({"password": "8301947265013", "again": "8301947265013"}, "不能全是数字"),
        ({"password": "password1234", "again": "password1234"}, "太常见"),
        ({"again": "something else entirely"}, "两次输入的密码不一样"),
        ({"password": "x" * 201, "again": "x" * 201}, "最多 200"),
        ({"password": "马小花 desk", "again": "马小花 desk"}, ""),
    ])  # fmt: skip
    def test_what_is_wrong_is_said_and_nothing_is_changed(
        self, wrong: dict[str, str], said: str, at_work: Callable[[str], Client]
    ) -> None:
        answer = at_work("desk").post(self.PAGE, self.NEW | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        fresh = Client()
        knock(fresh)
        assert is_in(fresh)

    def test_whoever_finds_the_open_desk_of_an_administrator_needs_the_old_one_too(
        self, at_work: Callable[[str], Client]
    ) -> None:
        client, me = at_work("administrator"), world.staff("administrator")
        page = client.get(reverse("network:one_staff", args=[me])).content.decode()
        assert f'href="{self.PAGE}"' in page
        assert reverse("network:new_password", args=[me]) not in page
        answer = client.post(reverse("network:new_password", args=[me]), self.NEW)
        assert answer.headers["Location"] == self.PAGE
        fresh = Client()
        knock(fresh, "administrator")
        assert is_in(fresh)

    def test_the_button_pressed_twice_it_is_said_to_be_changed_and_one_stays_in(
        self, at_work: Callable[[str], Client]
    ) -> None:
        client, form = at_work("desk"), self.NEW | {"act": str(new_id())}
        with_old_session = copy.deepcopy(client)
        for one in (client, with_old_session, client):
            answer = one.post(self.PAGE, form)
            assert answer.headers["Location"] == "/staff?done=password_changed"
            assert answer.cookies.get("session") is None or answer.cookies["session"].value
        assert "密码已更改" in client.get("/staff?done=password_changed").content.decode()
        assert not is_in(with_old_session)

    def test_who_is_not_signed_in_is_told_of_no_form_that_they_did_not_send(
        self, at_work: Callable[[str], Client]
    ) -> None:
        form = self.NEW | {"act": str(new_id())}
        at_work("desk").post(self.PAGE, form)
        for other in ({"act": str(new_id())}, {"old": "a guess"}, {"act": ""}):
            assert Client().post(self.PAGE, form | other).headers["Location"].startswith(DOOR)

    def test_whoever_finds_an_open_desk_does_not_guess_for_ever(
        self, at_work: Callable[[str], Client]
    ) -> None:
        client = at_work("desk")
        for _ in range(5):
            client.post(self.PAGE, self.NEW | {"old": "a guess"})
        assert "试错次数太多" in client.post(self.PAGE, self.NEW).content.decode()


def test_passwords_are_kept_by_argon2(network: Path) -> None:
    from lianguan.network.models import Staff

    assert {row.password.partition("$")[0] for row in Staff.objects.all()} == {"argon2"}


def test_no_line_of_the_journal_names_anybody(at_work: Callable[[str], Client]) -> None:
    client, desk = at_work("hub"), world.staff("desk")
    new = {"sign_in": "dorje", "name": "多杰", "password": PASSWORD, "again": PASSWORD}
    new |= {"place": str(world.place("MY")), "role": "desk"}
    assert client.post("/staff/people/add", new).status_code == 302
    client.post(reverse("network:deactivate", args=[desk]))
    again = {"password": "a better one for me", "again": "a better one for me"}
    client.post(reverse("network:new_password", args=[desk]), again)
    from lianguan.journal.models import Line

    said = "".join(row.said for row in Line.objects.all())
    assert {"add", "appoint", "deactivate", "change_password", "found"} <= set(
        Line.objects.values_list("did", flat=True)
    )
    for one in queries.all_staff():
        assert one.name not in said
    assert not re.search(r"dorje|argon2|better", said)
