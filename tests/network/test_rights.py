"""Who may do what: every page, every method, every role. A page that is not in the table fails."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.sources import Profile
from lianguan.journal import act as acts
from lianguan.journal.ids import new_id
from lianguan.network import actions, policy, queries
from lianguan.network.pasted import Listed
from lianguan.network.policy import Appointed
from lianguan.network.roles import BY_CODE, DUTIES, ROLES, who_may
from tests.network import world
from tests.union.hub import Hub, book

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ANYBODY, SIGNED_IN = "anybody", "signed in"

RIGHTS: dict[str, dict[str, str]] = {
    # page → method → who: a duty, or one of the two above. Other methods are refused with 405.
    "network:setup": {"GET": ANYBODY, "POST": ANYBODY},
    "network:sign_in": {"GET": ANYBODY, "POST": ANYBODY},
    "network:sign_out": {"POST": ANYBODY},
    "network:work": {"GET": SIGNED_IN},
    "network:password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "network:places": {"GET": "see_places"},
    "network:check_places": {"GET": "manage_places", "POST": "manage_places"},
    "network:add_places": {"GET": "manage_places", "POST": "manage_places"},
    "network:place": {"GET": "manage_places", "POST": "manage_places"},
    "network:staff": {"GET": "manage_staff"},
    "network:add_staff": {"GET": "manage_staff", "POST": "manage_staff"},
    "network:one_staff": {"GET": "manage_staff"},
    "network:appoint": {"GET": "manage_staff", "POST": "manage_staff"},
    "network:end": {"GET": "manage_staff", "POST": "manage_staff"},
    "network:new_password": {"GET": "manage_staff", "POST": "manage_staff"},
    "network:deactivate": {"GET": "manage_staff", "POST": "manage_staff"},
    "network:activate": {"GET": "manage_staff", "POST": "manage_staff"},
}
OTHERS_TEST = ("discovery:", "catalogue:")
"""The public's pages change nothing; those of the catalogue have a table of their own."""


def pages(under: Any = None, space: str = "") -> Iterator[str]:
    for pattern in (under or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from pages(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name


def address(name: str) -> str:
    one = world.staff("desk")
    shown = queries.staff(one)
    assert shown
    said = {
        "network:place": {"place": world.place("MY")},
        "network:end": {"staff": one, "appointment": shown.appointments[0].id},
    }
    needs_one = name in (
        "network:one_staff", "network:appoint", "network:new_password", "network:deactivate",
        "network:activate",
    )  # fmt: skip
    return reverse(name, kwargs=said.get(name, {"staff": one} if needs_one else {}))


@pytest.fixture
def administers(at_work: Callable[[str], Client]) -> Callable[[str], Client]:
    """The browser of somebody who administers one place and nothing else."""

    def administering(code: str) -> Client:
        sign_in = f"of-{code}".lower()
        if queries.staff_by_sign_in(sign_in) is None:
            new = actions.NewStaff(sign_in, "王强", world.PASSWORD)
            place = world.place(code)
            actions.add_with_role(world.act(), new=new, place=place, role="administrator")
        return at_work(sign_in)

    return administering


def ask(client: Client, method: str, name: str) -> int:
    """Nothing is filled in: whoever may do it is told what is missing, which is no 403."""
    return client.generic(method, address(name)).status_code


def test_no_page_is_missing_from_the_table(network: object) -> None:
    assert {name for name in pages() if not name.startswith(OTHERS_TEST)} == set(RIGHTS)


def test_the_table_says_what_the_pages_say() -> None:
    patterns = get_resolver("lianguan.network.urls").url_patterns
    views = {p.name: p.callback for p in patterns if isinstance(p, URLPattern) and p.name}
    for name, methods in RIGHTS.items():
        duty = getattr(views[name.partition(":")[2]], "duty", ANYBODY)
        assert set(methods.values()) == {duty or SIGNED_IN}, name


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_who_has_not_signed_in_is_sent_to_sign_in_and_changes_nothing(
    name: str, network: object
) -> None:
    for method in METHODS:
        status = ask(Client(), method, name)
        asked = RIGHTS[name].get(method) or (method == "HEAD" and RIGHTS[name].get("GET"))
        if asked == ANYBODY:
            assert status in (200, 302), (name, method)
        elif asked or method == "OPTIONS":
            assert status in (302, 405), (name, method)
        else:
            assert status == 405, (name, method)


@pytest.mark.parametrize("role", [role.code for role in ROLES])
@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_every_page_is_for_those_whose_role_has_its_duty(
    name: str, role: str, at_work: Callable[[str], Client]
) -> None:
    for method in METHODS:
        client = at_work(role)
        status = ask(client, method, name)
        duty = RIGHTS[name].get(method) or (method == "HEAD" and RIGHTS[name].get("GET"))
        if not duty:
            assert status == 405, (name, method)
        elif duty in (ANYBODY, SIGNED_IN) or duty in BY_CODE[role].duties:
            needs_a_place = name in ("network:check_places", "network:add_places")
            assert status in (200, 302, 422) or (needs_a_place and status == 403), (name, method)
        else:
            assert status == 403, (name, method)


FORMS = {
    "network:check_places": "network:places",
    "network:add_places": "network:places",
    "network:add_staff": "network:staff",
    "network:appoint": "network:one_staff",
    "network:end": "network:one_staff",
    "network:new_password": "network:one_staff",
    "network:deactivate": "network:one_staff",
    "network:activate": "network:one_staff",
}
"""Where forms are sent to → the page that they stand on."""


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_answer_to_a_form_changes_its_language_on_the_page_of_the_form(
    name: str, at_work: Callable[[str], Client]
) -> None:
    client = at_work("administrator")
    page = client.get(f"{address(name)}?lang=en", follow=True)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == address(FORMS[name])
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize(("method", "page"), [("GET", "/sign-out"), ("POST", "/staff/people")])
def test_what_is_not_opened_like_this_says_so_on_a_page(
    method: str, page: str, at_work: Callable[[str], Client]
) -> None:
    for language, said in {"zh": "没有改动任何东西", "en": "Nothing was changed"}.items():
        answer = at_work("administrator").generic(method, f"{page}?lang={language}")
        assert answer.status_code == 405
        assert answer.headers["Allow"]
        assert said in answer.content.decode()


def test_a_no_says_who_may(at_work: Callable[[str], Client]) -> None:
    said = at_work("desk").get(reverse("network:staff"), headers={"accept-language": "zh"})
    assert said.status_code == 403
    text = said.content.decode()
    assert "管理工作人员" in text
    assert "管理员" in text
    assert "没有改动任何东西" in text


def test_every_duty_is_held_by_somebody_and_every_role_has_known_duties() -> None:
    assert all(who_may(duty) for duty in DUTIES)
    assert {duty for role in ROLES for duty in role.duties} == set(DUTIES)


def test_an_appointment_holds_at_its_place_and_under_it_from_its_day_until_its_last() -> None:
    hub, library, branch, other = (new_id() for _ in range(4))
    one = Appointed("administrator", library, world.SINCE, None)
    day = world.SINCE
    assert policy.may([one], "manage_places", [hub, library], day)
    assert policy.may([one], "manage_places", [hub, library, branch], day)
    assert not policy.may([one], "manage_places", [hub], day)
    assert not policy.may([one], "manage_places", [hub, other], day)
    assert not policy.may([one], "manage_places", [hub, library], day - world.DAY)
    ended = one._replace(until=day + 3 * world.DAY)
    assert policy.may([ended], "manage_places", [library], day + 2 * world.DAY)
    assert not policy.may([ended], "manage_places", [library], day + 3 * world.DAY)


def test_who_administers_one_library_administers_no_other(at_work: Callable[[str], Client]) -> None:
    client = at_work("administrator")  # of HB
    assert client.get(reverse("network:place", args=[world.place("MY")])).status_code == 200
    assert client.get(reverse("network:place", args=[world.place("JN")])).status_code == 403
    said = {"list": "新分馆", "under": str(world.place("JN"))}
    assert client.post(reverse("network:add_places"), said).status_code == 403
    before = len(queries.places())
    assert (
        client.post(reverse("network:add_places"), said | {"under": "nowhere"}).status_code == 403
    )
    assert len(queries.places()) == before


def add_under(client: Client, code: str, text: str, **said: str) -> Any:
    """The answer to a list of places to be put under another."""
    form = {"list": text, "under": str(world.place(code))} | said
    checked = client.post(reverse("network:check_places"), form)
    added = client.post(reverse("network:add_places"), form)
    assert checked.status_code == (200 if added.status_code == 302 else 422)
    return added


@pytest.mark.parametrize(
    "line", ["假分馆\t海北州图书馆", "某县图书馆\tXX1\t海北州图书馆", "假书屋\t门源县图书馆"]
)
def test_a_list_under_ones_own_library_puts_nothing_under_that_of_another(
    line: str, administers: Callable[[str], Client]
) -> None:
    client, before = administers("JN"), queries.places()
    answer = add_under(client, "JN", f"真分馆\n{line}")
    assert answer.status_code == 422
    assert "不能加到那里" in answer.content.decode()
    assert "真分馆" in answer.content.decode()
    assert queries.places() == before


def test_a_list_put_past_the_form_is_judged_again(network: object) -> None:
    forged = Listed(1, "假分馆", kind="branch", code="XX-1", parent="HB")
    with pytest.raises(Refused) as error:
        actions.add_places(world.act(), under=world.place("JN"), places=[forged], with_records=())
    assert error.value.code == "parent_elsewhere"
    assert all(one.code != "XX-1" for one in queries.places())


def test_a_name_that_stands_twice_means_the_one_under_ones_own_library(
    administers: Callable[[str], Client],
) -> None:
    for code in ("JN", "HB"):
        assert add_under(administers(code), code, "少儿分馆").status_code == 302
    assert add_under(administers("JN"), "JN", "亲子书屋\t少儿分馆").status_code == 302
    new = next(one for one in queries.places() if one.name == "亲子书屋")
    assert world.place("JN") in new.above


@pytest.fixture
def sent(network: Path) -> str:
    """A library that has sent files, by the command line, before it was a place; gives its name."""
    hub = Hub(network.parent)
    hub.root = network
    hub.receive("QH", book("1"))
    hub.sources().keep_profile("QH", Profile(name="青海省图书馆"))
    return "青海省图书馆"


@pytest.mark.parametrize("code", ["QH", "qh"])
def test_who_administers_one_library_does_not_take_over_the_records_of_another(
    code: str, sent: str, administers: Callable[[str], Client]
) -> None:
    client = administers("JN")
    answer = add_under(client, "JN", sent, code_1=code)
    assert answer.status_code == 422
    assert "要由管理整个联馆的管理员来添加" in answer.content.decode()
    seat = queries.seat(world.staff("of-jn"), "import", world.SINCE + 365 * world.DAY)
    assert seat
    assert seat.libraries == ("JN",)
    forged = Listed(1, sent, kind="library", code=code, parent="JN")
    who = acts.Staff(seat.staff, seat.role)
    act = dataclasses.replace(world.act(), who=who)
    with pytest.raises(Refused) as error:
        actions.add_places(act, under=world.place("JN"), places=[forged], with_records=["QH"])
    assert error.value.code == "code_has_records"


def test_a_code_that_is_not_for_them_is_not_guessed_for_them_either(
    sent: str, administers: Callable[[str], Client]
) -> None:
    assert add_under(administers("JN"), "JN", sent).status_code == 302
    new = next(one for one in queries.places() if one.name == sent)
    assert (new.code, new.depth) == ("QH2", 2)


def test_who_administers_the_hub_makes_a_place_of_whoever_has_sent_files(
    sent: str, at_work: Callable[[str], Client]
) -> None:
    client = at_work("hub")
    assert add_under(client, "JN", sent).status_code == 302
    seat = queries.seat(world.staff("hub"), "import", world.SINCE + 365 * world.DAY)
    assert seat
    assert "QH" in seat.libraries


def test_who_administers_one_library_does_not_get_at_who_administers_the_hub(
    at_work: Callable[[str], Client],
) -> None:
    client, hub = at_work("administrator"), world.staff("hub")
    new = {"password": "a new password of mine", "again": "a new password of mine"}
    for name in ("new_password", "deactivate", "appoint", "one_staff"):
        page = reverse(f"network:{name}", args=[hub])
        asked = client.get(page) if name == "one_staff" else client.post(page, new)
        assert asked.status_code == 404, name
    # made a desk clerk of HB, the administrator of the hub is seen, and still not got at
    library = world.place("HB")
    actions.appoint(world.act(), staff=hub, place=library, role="desk", since=world.SINCE)
    for name in ("new_password", "deactivate"):
        assert client.post(reverse(f"network:{name}", args=[hub]), new).status_code == 403, name
    assert client.get(reverse("network:one_staff", args=[hub])).status_code == 200


def test_nobody_gives_a_role_at_a_place_that_they_do_not_manage(
    at_work: Callable[[str], Client],
) -> None:
    client, desk = at_work("administrator"), world.staff("desk")
    page = reverse("network:appoint", args=[desk])
    for code in ("HUB", "JN"):
        said = {"place": str(world.place(code)), "role": "administrator"}
        assert client.post(page, said).status_code == 403
    shown = queries.staff(desk)
    assert shown
    assert len(shown.appointments) == 1


def test_a_role_that_ended_opens_no_page_any_more(at_work: Callable[[str], Client]) -> None:
    client = at_work("cataloguer")
    assert client.get(reverse("network:places")).status_code == 200
    shown = queries.staff(world.staff("cataloguer"))
    assert shown
    at_work("hub").post(reverse("network:end", args=[shown.id, shown.appointments[0].id]))
    assert client.get(reverse("network:places")).status_code == 403
    assert client.get(reverse("network:work")).status_code == 403


def test_the_seat_names_the_widest_role_and_all_libraries_under_it(network: object) -> None:
    today = world.SINCE + world.DAY
    seat = queries.seat(world.staff("cataloguer"), "import", today)
    assert seat
    assert (seat.role, seat.place_name, seat.libraries) == (
        "cataloguer",
        "海北州图书馆",
        ("HB", "MY"),
    )
    assert queries.seat(world.staff("desk"), "import", today) is None
    actions.appoint(
        world.act(), staff=seat.staff, place=world.place("JN"), role="cataloguer", since=world.SINCE
    )
    seat = queries.seat(seat.staff, "import", today)
    assert seat
    assert set(seat.libraries) == {"HB", "MY", "JN"}
    hub = queries.seat(world.staff("hub"), "import", today)
    assert hub is None or hub.role == "administrator"
