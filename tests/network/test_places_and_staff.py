"""Places and people are added, appointed, renamed, shut out: on pages, and by many at once."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client, RequestFactory
from django.urls import reverse

from lianguan.engine.read.findings import Refused
from lianguan.journal import queries as journal
from lianguan.journal.actions import AlreadyDone
from lianguan.journal.ids import new_id
from lianguan.journal.models import Line
from lianguan.network import actions, queries
from lianguan.network.actions import NewStaff
from lianguan.network.models import Appointment, Place, Staff
from lianguan.network.pasted import Listed, Standing, read_list
from lianguan.network.seats import AtWork, act_id, act_of, may
from tests.at_once import at_once
from tests.network import world
from tests.network.world import PASSWORD

pytestmark = pytest.mark.usefixtures("network")
Seated = Callable[[str], Client]


def refused(code: str, doing: Callable[[], object]) -> None:
    """It is refused, and nothing was changed nor noted."""
    before = Line.objects.count(), Place.objects.count(), Appointment.objects.count()
    with pytest.raises(Refused) as error:
        doing()
    assert error.value.code == code
    assert (Line.objects.count(), Place.objects.count(), Appointment.objects.count()) == before


def lines(thing: str, thing_id: object) -> list[str]:
    return [line.did for line in journal.lines_of(thing, thing_id)]


def _to_new(request: AtWork) -> HttpResponse:
    """The page of whoever was added by a form that came before."""
    (line,) = journal.lines_of_act(act_id(request))
    return redirect("network:one_staff", staff=line.thing_id)


class TestPlaces:
    def check(self, client: Client, text: str, **said: str) -> Any:
        form = {"list": text, "under": str(world.place("HB"))} | said
        return client.post("/staff/places/check", form)

    def test_the_tree_is_shown_with_its_names_in_three_languages(self, at_work: Seated) -> None:
        page = at_work("keeper").get("/staff/places").content.decode()
        assert '<span lang="bo">མཚོ་བྱང་དཔེ་མཛོད་ཁང་།</span>' in page
        assert "头塘村牧家书屋" in page
        assert "MY-01-01" in page
        assert 'name="list"' not in page  # a keeper adds none

    def test_a_list_of_a_whole_county_comes_in_at_once(self, at_work: Seated) -> None:
        client = at_work("administrator")
        text = "\n".join(f"{number}号村牧家书屋" for number in range(214))
        form = {"list": text, "under": str(world.place("MY"))}
        page = client.post("/staff/places/check", form)
        assert page.status_code == 200
        assert client.post("/staff/places/add", form).status_code == 302
        assert Place.objects.filter(kind="room").count() == 215
        hub = queries.hub()
        assert hub
        assert journal.first_broken(str(hub.id)) is None

    def test_one_mistake_in_a_long_list_is_marked_and_nothing_is_lost(
        self, at_work: Seated
    ) -> None:
        client = at_work("administrator")
        names = [f"{number}号分馆" for number in range(120)]
        names[57] = "某某"
        answer = self.check(client, "\n".join(names))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "有 1 行要改" in page
        assert "从名称看不出类型" in page
        assert all(name in page for name in names)
        form = {"list": "\n".join(names), "under": str(world.place("HB"))}
        again = client.post("/staff/places/add", form)
        assert again.status_code == 422
        assert not Place.objects.filter(name="1号分馆").exists()
        assert client.post("/staff/places/add", form | {"kind_58": "branch"}).status_code == 302
        assert Place.objects.filter(name="某某", kind="branch").exists()

    def test_an_empty_list_is_told(self, at_work: Seated) -> None:
        assert "名单是空的" in self.check(at_work("administrator"), " \n ").content.decode()

    def test_a_list_that_is_much_too_long_comes_back_whole(self, at_work: Seated) -> None:
        text = "\n".join(f"{number}号分馆" for number in range(30_000))
        answer = self.check(at_work("administrator"), text)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "最多 1000 行" in page
        assert "29999号分馆" in page

    def test_what_people_write_is_shown_as_they_wrote_it(self, at_work: Seated) -> None:
        page = self.check(at_work("administrator"), '<b>甲</b>分馆\n"乙"分馆').content.decode()
        assert "&lt;b&gt;甲&lt;/b&gt;分馆" in page
        assert "<b>甲" not in page

    def test_sent_twice_a_list_is_added_once_and_nobody_is_told_of_a_mistake(
        self, at_work: Seated
    ) -> None:
        client, form = at_work("administrator"), {"list": "新分馆\tNEW-1", "act": str(new_id())}
        form["under"] = str(world.place("HB"))
        for _ in range(2):
            done = client.post("/staff/places/add", form)
            assert done.headers["Location"] == "/staff/places?done=places_added"
        assert Place.objects.filter(name="新分馆").count() == 1

    def test_an_act_that_comes_again_is_said_to_be_done_and_not_to_be_in_the_way(self) -> None:
        made = world.act()
        listed = read_list("新图书馆\tNEW", Standing("HB", "", "library"))
        actions.add_places(made, under=world.place("HB"), places=listed, with_records=())
        with pytest.raises(AlreadyDone):
            actions.add_places(made, under=world.place("HB"), places=listed, with_records=())

    def test_added_by_two_at_once_a_code_is_given_once(self) -> None:
        listed = read_list("新图书馆\tNEW", Standing("HB", "", "library"))
        done = list[object]()

        def add() -> None:
            try:
                done.append(
                    actions.add_places(
                        world.act(), under=world.place("HB"), places=listed, with_records=()
                    )
                )
            except Refused as error:
                done.append(error.code)

        at_once([add] * 4)
        assert Place.objects.filter(code="NEW").count() == 1
        assert done.count("code_taken") == 3

    def test_all_of_a_list_or_nothing(self) -> None:
        one = Listed(1, "甲分馆", kind="branch", code="A", parent="HB")
        for code, other in {
            "code_taken": Listed(2, "乙", kind="branch", code="JN-01", parent="HB"),
            "place_unknown": Listed(2, "乙", kind="branch", code="B", parent="nowhere"),
            "kind_misplaced": Listed(2, "乙", kind="library", code="B", parent="MY-01"),
            "parent_elsewhere": Listed(2, "乙", kind="branch", code="B", parent="JN"),
            "list_has_mistakes": Listed(2, "", errors=("name_missing",)),
        }.items():
            refused(
                code,
                partial(
                    actions.add_places,
                    world.act(),
                    under=world.place("HB"),
                    places=[one, other],
                    with_records=(),
                ),
            )

    def test_a_place_gets_its_tibetan_name_and_keeps_its_code(self, at_work: Seated) -> None:
        client, place = at_work("administrator"), world.place("MY")
        page = reverse("network:place", args=[place])
        names = {"name": "门源县图书馆", "name_bo": "མོང་ཡོན་དཔེ་མཛོད་ཁང་།", "name_en": "Menyuan"}
        assert client.post(page, names).status_code == 302
        assert lines("place", place) == ["add", "rename"]
        client.post(page, names)
        assert lines("place", place) == ["add", "rename"]  # nothing changed, nothing noted
        assert "请填写" in client.post(page, names | {"name": " "}).content.decode()
        row = Place.objects.get(id=place)
        assert (row.code, row.name_bo) == ("MY", names["name_bo"])

    def test_there_is_one_hub_and_it_alone_stands_at_the_top(self) -> None:
        from django.db import IntegrityError, transaction

        for row in (
            Place(kind="hub", code="X", name="X", path="x/"),
            Place(kind="library", code="X", name="X", path="x/"),
            Place(kind="hub", code="X", name="X", path="x/", parent_id=world.place("HUB")),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)


class TestStaff:
    NEW = staticmethod(lambda **said: {
        "sign_in": "Dorje", "name": "多杰", "password": PASSWORD, "again": PASSWORD,
        "role": "desk", "place": str(world.place("MY")),
    } | said)  # fmt: skip

    def test_somebody_new_signs_in_and_is_where_they_were_put(self, at_work: Seated) -> None:
        assert at_work("administrator").post("/staff/people/add", self.NEW()).status_code == 302
        client = Client()
        client.post("/sign-in", {"sign_in": "dorje", "password": PASSWORD})
        assert "门源县图书馆" in client.get("/staff").content.decode()
        assert lines("staff", world.staff("dorje")) == ["add"]

    def test_a_button_pressed_twice_adds_one_person(self, at_work: Seated) -> None:
        client, form = at_work("administrator"), self.NEW(act=str(new_id()))
        for _ in range(2):
            done = client.post("/staff/people/add", form)
            assert done.headers["Location"] == "/staff/people?done=staff_added"
        page = reverse("network:appoint", args=[world.staff("dorje")])
        form = {"role": "keeper", "place": str(world.place("MY")), "act": str(new_id())}
        for _ in range(2):
            assert client.post(page, form).status_code == 302
        assert Appointment.objects.filter(staff=world.staff("dorje")).count() == 2

    def test_a_form_sent_again_with_somebody_else_adds_them_too(self, at_work: Seated) -> None:
        client, form = at_work("administrator"), self.NEW(act=str(new_id()))
        for other in ({}, {"sign_in": "pema", "name": "白玛"}):
            done = client.post("/staff/people/add", form | other)
            assert done.headers["Location"] == "/staff/people?done=staff_added"
        assert world.staff("dorje") != world.staff("pema")

    def test_a_form_sent_again_with_another_password_changes_it_again(
        self, at_work: Seated
    ) -> None:
        client, form = at_work("administrator"), {"act": str(new_id())}
        page = reverse("network:new_password", args=[world.staff("desk")])
        for password in ("the first of two", "the second of two"):
            client.post(page, form | {"password": password, "again": password})
        assert Staff.objects.get(sign_in="desk").check_password("the second of two")

    def test_of_a_password_nothing_is_in_the_id_of_its_act_that_the_form_did_not_bring(
        self, at_work: Seated
    ) -> None:
        form = self.NEW(act=str(new_id()))
        at_work("administrator").post("/staff/people/add", form)
        kept = {str(line.act) for line in Line.objects.all()}
        assert form["act"] not in kept

    def test_one_button_pressed_on_two_people_does_it_to_both(self, at_work: Seated) -> None:
        client, form = at_work("administrator"), {"act": str(new_id())}
        for name in ("desk", "keeper"):
            client.post(reverse("network:deactivate", args=[world.staff(name)]), form)
        assert Staff.objects.filter(is_active=False).count() == 2

    @pytest.mark.parametrize(("lead", "leads_to"), [(None, "/staff"), (_to_new, "/staff/people/")])
    def test_a_form_sent_twice_leads_to_where_its_view_says(self, lead: Any, leads_to: str) -> None:
        @may("manage_staff", lead=lead)
        def add(request: AtWork) -> HttpResponse:
            new = NewStaff("dorje", "多杰", PASSWORD)
            return redirect("network:one_staff", staff=actions.add_staff(act_of(request), new=new))

        form, went = {"act": str(new_id())}, []
        for _ in range(2):
            request = RequestFactory().post("/staff/people/add", form)
            request.user = Staff.objects.get(sign_in="administrator")
            went.append(add(request).headers["Location"])
        assert went[1].startswith(leads_to)
        assert (went[1] == went[0]) is bool(lead)

    @pytest.mark.parametrize(("wrong", "said"), [
        ({"sign_in": "desk"}, "已有人使用"),
        ({"sign_in": "DESK"}, "已有人使用"),
        ({"name": ""}, "请填写"),
        ({"role": "king"}, "没有这个职责"),
        ({"place": "nowhere"}, "没有这个馆点"),
        ({"again": "x"}, "不一样"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said_and_nobody_is_added(
        self, wrong: dict[str, str], said: str, at_work: Seated
    ) -> None:
        before = Staff.objects.count()
        answer = at_work("administrator").post("/staff/people/add", self.NEW(**wrong))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert Staff.objects.count() == before

    def test_two_at_once_do_not_get_one_name(self) -> None:
        codes = list[str]()

        def add() -> None:
            try:
                actions.add_staff(world.act(), new=NewStaff("twin", "双", PASSWORD))
            except Refused as error:
                codes.append(error.code)

        at_once([add] * 3)
        assert codes == ["sign_in_taken"] * 2

    def test_a_role_is_given_once_ended_and_given_again(self, at_work: Seated) -> None:
        client, desk = at_work("administrator"), world.staff("desk")
        page = reverse("network:appoint", args=[desk])
        form = {"role": "keeper", "place": str(world.place("MY"))}
        assert client.post(page, form).status_code == 302
        assert "已经有这个职责了" in client.post(page, form).content.decode()
        one = Appointment.objects.get(staff=desk, role="keeper")
        client.post(reverse("network:end", args=[desk, one.id]))
        client.post(reverse("network:end", args=[desk, one.id]))
        assert lines("appointment", one.id) == ["appoint", "end"]
        assert client.post(page, form).status_code == 302

    def test_shut_out_by_who_may_and_let_in_again(self, at_work: Seated) -> None:
        client, desk = at_work("administrator"), world.staff("desk")
        client.post(reverse("network:deactivate", args=[desk]))
        assert "已停用" in client.get("/staff/people").content.decode()
        client.post(reverse("network:activate", args=[desk]))
        assert lines("staff", desk) == ["add", "deactivate", "activate"]

    def test_somebody_is_always_left_to_administer_the_hub(self) -> None:
        hub, day = world.staff("hub"), datetime.date(2026, 11, 23)
        shown = queries.staff(hub)
        assert shown
        only = shown.appointments[0].id
        refused("last_administrator", partial(actions.deactivate, world.act(), staff=hub))
        refused(
            "last_administrator",
            partial(actions.end_appointment, world.act(), appointment=only, until=day),
        )
        second = actions.add_with_role(
            world.act(),
            new=NewStaff("second", "二", PASSWORD),
            place=world.place("HUB"),
            role="administrator",
        )
        done = list[str]()

        def leave(who: Any) -> None:
            try:
                actions.deactivate(world.act(), staff=who)
            except Refused as error:
                done.append(error.code)

        at_once([partial(leave, hub), partial(leave, second)])
        assert done == ["last_administrator"]
        assert Staff.objects.filter(id__in=[hub, second], is_active=True).count() == 1

    def test_what_is_not_there_is_refused_by_name(self) -> None:
        nobody, here = new_id(), world.place("HB")
        day = world.SINCE
        refused("staff_unknown", lambda: actions.deactivate(world.act(), staff=nobody))
        refused(
            "staff_unknown",
            lambda: actions.change_password(world.act(), staff=nobody, password="x"),
        )
        refused(
            "appointment_unknown",
            lambda: actions.end_appointment(world.act(), appointment=nobody, until=day),
        )
        refused(
            "staff_unknown",
            lambda: actions.appoint(world.act(), staff=nobody, place=here, role="desk", since=day),
        )
        refused(
            "place_unknown",
            lambda: actions.appoint(
                world.act(), staff=world.staff("desk"), place=nobody, role="desk", since=day
            ),
        )
        refused(
            "role_unknown",
            lambda: actions.appoint(
                world.act(), staff=world.staff("desk"), place=here, role="king", since=day
            ),
        )
        refused(
            "place_unknown",
            lambda: actions.change_names(
                world.act(), place=nobody, name="x", name_bo="", name_en=""
            ),
        )

    def test_a_line_names_the_role_and_the_place_of_who_acted(self, at_work: Seated) -> None:
        at_work("administrator").post(reverse("network:deactivate", args=[world.staff("desk")]))
        row = Line.objects.order_by("-seq")[0]
        assert (row.who, row.who_id, row.role) == (
            "staff",
            str(world.staff("administrator")),
            "administrator",
        )
        assert row.place == world.place("HB")


def test_a_page_at_work_asks_the_database_seldom(at_work: Seated) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for page in ("/staff", "/staff/places", "/staff/people"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert at_work("hub").get(page).status_code == 200
        assert len([one for one in asked if one["sql"].startswith("SELECT")]) <= 20, page
