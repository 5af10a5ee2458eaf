"""What the journal promises: every act leaves its lines, in one chain a machine, whatever happens."""

import datetime
import uuid

import pytest
from django.db import transaction

from lianguan.journal import queries
from lianguan.journal.act import Act, Rule, Staff
from lianguan.journal.actions import AlreadyDone, acting
from lianguan.journal.models import Chain, Line
from tests.at_once import at_once

NOON = datetime.datetime(2026, 3, 2, 4, 0, tzinfo=datetime.UTC)
SOMEBODY = uuid.UUID("01890000-0000-7000-8000-000000000001")
HERE = uuid.UUID("01890000-0000-7000-8000-000000000002")

pytestmark = pytest.mark.usefixtures("people")


def act(machine: str = "hub", at: datetime.datetime = NOON, *, happened: bool = False) -> Act:
    return Act(Staff(SOMEBODY, "desk"), machine, at, HERE, happened=happened)


def lend(book: int, made: Act | None = None) -> Act:
    made = made or act()
    with acting(made) as lines:
        lines.add("check_out", "item", book, due=datetime.date(2026, 4, 1))
    return made


class Broken(Exception):
    """Something went wrong in the middle."""


def lend_and_fail(book: int, made: Act) -> None:
    with acting(made) as lines:
        lines.add("check_out", "item", book)
        Chain.objects.create(machine="left behind")
        raise Broken


def test_an_act_leaves_a_line_for_each_thing_that_it_changed() -> None:
    with acting(act()) as lines:
        lines.add("check_out", "item", 7, due=datetime.date(2026, 4, 1))
        lines.add("fill", "request", 8)
    rows = list(Line.objects.all())
    assert [(row.seq, row.nth, row.did, row.thing_id) for row in rows] == [
        (1, 1, "check_out", "7"),
        (2, 2, "fill", "8"),
    ]
    assert {row.act for row in rows} == {rows[0].act}
    assert rows[0].id != rows[1].id
    (told,) = queries.lines_of("item", 7)
    assert told.particulars == {"due": "2026-04-01"}
    assert (told.at, told.role, told.who_id) == (NOON, "desk", str(SOMEBODY))


def test_the_line_says_its_form_and_how_it_is_chained() -> None:
    lend(1)
    said = Line.objects.get().said
    assert said.startswith('{"act":"')
    assert '"algorithm":"sha256"' in said
    assert '"format":1' in said
    assert '"at":"2026-03-02T04:00:00.000000+00:00"' in said
    assert '"day":"2026-03-02"' in said


def test_the_day_is_that_of_the_place_and_not_of_greenwich() -> None:
    evening = datetime.datetime(2026, 3, 2, 17, 30, tzinfo=datetime.UTC)
    lend(1, act(at=evening))
    assert Line.objects.get().day == datetime.date(2026, 3, 3)


def test_an_act_without_a_time_zone_is_none() -> None:
    with pytest.raises(ValueError, match="time zone"):
        act(at=datetime.datetime(2026, 3, 2))


def test_what_fails_leaves_no_line_and_no_gap() -> None:
    lend(1)
    with pytest.raises(Broken):
        lend_and_fail(2, act())
    lend(3)
    assert [(row.seq, row.thing_id) for row in Line.objects.all()] == [(1, "1"), (2, "3")]
    assert queries.first_broken("hub") is None


def test_an_act_that_changes_nothing_leaves_nothing() -> None:
    with acting(act()):
        pass
    assert not Chain.objects.exists()
    assert queries.first_broken("hub") is None
    assert queries.machines() == []


def test_each_machine_has_a_chain_of_its_own() -> None:
    lend(1)
    lend(2, act("phone"))
    lend(3)
    assert [row.seq for row in Line.objects.filter(machine="hub")] == [1, 2]
    assert [row.seq for row in Line.objects.filter(machine="phone")] == [1]
    assert queries.machines() == ["hub", "phone"]
    assert {queries.first_broken(machine) for machine in queries.machines()} == {None}


def test_an_act_that_comes_twice_is_done_once() -> None:
    made = lend(1)
    with pytest.raises(AlreadyDone):
        lend(1, made)
    assert Line.objects.count() == 1
    assert queries.first_broken("hub") is None


def test_of_one_act_done_at_two_places_at_once_one_is_done() -> None:
    made, failed = act(), list[AlreadyDone]()

    def do() -> None:
        try:
            lend(1, made)
        except AlreadyDone as error:
            failed.append(error)

    at_once([do, do])
    assert len(failed) == 1
    assert Line.objects.count() == 1
    assert queries.first_broken("hub") is None


def test_an_action_within_another_is_part_of_its_act() -> None:
    made = act()
    with acting(made) as lines:
        lines.add("open", "box", 1)
        lend(2, made)
    assert [row.nth for row in Line.objects.all()] == [1, 2]


def test_a_part_that_fails_is_undone_alone() -> None:
    made = act()
    with acting(made) as lines:
        lines.add("open", "box", 1)
        with pytest.raises(Broken):
            lend_and_fail(2, made)
        lend(3, made)
    assert [row.thing_id for row in Line.objects.all()] == ["1", "3"]
    assert not Chain.objects.filter(machine="left behind").exists()


def test_two_acts_are_never_one_transaction() -> None:
    with acting(act()) as lines:
        lines.add("open", "box", 1)
        with pytest.raises(RuntimeError, match="two acts"):
            lend(2, act())


def test_an_act_does_not_begin_inside_a_transaction_that_is_not_its_own() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        lend(1)


@pytest.mark.parametrize("name", ["王芳", "Wang Fang", "བསོད་ནམས", "two words", 1.5, b"x", {"a": 1}])
def test_nothing_that_could_name_a_person_gets_into_a_line(name: object) -> None:
    with pytest.raises(ValueError, match="not for a line"), acting(act()) as lines:
        lines.add("check_out", "item", 1, reader=name)
    with pytest.raises(ValueError, match="not for a line"), acting(act()) as lines:
        lines.add("check_out", "item", name)
    with pytest.raises(ValueError, match="not for a line"), acting(act()) as lines:
        lines.add("check_out", "item", 1, readers=["R1", name])
    assert not Line.objects.exists()


def test_codes_numbers_days_and_ids_are_kept_as_they_are() -> None:
    with acting(act()) as lines:
        lines.add("add", "place", HERE, code="HB-01", many=[1, None, True], since=NOON, by=SOMEBODY)
    assert queries.lines_of("place", HERE)[0].particulars == {
        "code": "HB-01",
        "many": [1, None, True],
        "since": "2026-03-02T04:00:00.000000+00:00",
        "by": str(SOMEBODY),
    }


def test_the_head_of_a_day_that_is_over_stays_whatever_is_told_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from lianguan.journal import actions

    times = iter(NOON + datetime.timedelta(days=day) for day in (0, 0, 1, 40))
    monkeypatch.setattr(actions, "_now", lambda before: next(times))
    for book in (1, 2, 3):
        lend(book)
    first, second = (queries.head_of("hub", datetime.date(2026, 3, day)) for day in (2, 3))
    assert (first[0], second[0]) == (2, 3)
    lend(4, act(at=NOON, happened=True))  # it happened on the first day, and is told 40 days later
    assert queries.head_of("hub", datetime.date(2026, 3, 2)) == first
    assert queries.head_of("hub", datetime.date(2026, 3, 3)) == second
    assert queries.head_of("hub", datetime.date(2026, 3, 1)) == (0, "")
    assert queries.head_of("hub", datetime.date(2026, 5, 1))[0] == 4


def test_a_clock_that_is_put_back_does_not_move_a_line_into_a_day_that_is_over() -> None:
    lend(1)
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    Chain.objects.update(written=tomorrow)
    lend(2)
    assert Line.objects.get(seq=2).written == tomorrow


def test_it_is_told_by_a_rule_that_nobody_acted() -> None:
    lend(1, Act(Rule("purge"), "hub", NOON))
    row = Line.objects.get()
    assert (row.who, row.who_id, row.role, row.place) == ("rule", "purge", "", None)
