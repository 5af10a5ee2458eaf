"""Whoever changes, removes, adds or moves a line is found out, at the first line that is wrong."""

import copy
import datetime
import json
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianguan.journal import queries
from lianguan.journal.act import Act, Rule
from lianguan.journal.actions import acting
from lianguan.journal.chain import (
    BEGINNING,
    COLUMNS,
    Kept,
    Numbered,
    canonical,
    chained,
    event,
    line,
    walk,
)
from lianguan.journal.models import Chain, Line

NOON = datetime.datetime(2026, 3, 2, 4, 0, tzinfo=datetime.UTC)


def written(count: int) -> list[Kept]:
    """A chain of so many lines."""
    head, kept = BEGINNING, list[Kept]()
    for seq in range(1, count + 1):
        act = Act(Rule("test"), "hub", NOON, id=uuid.UUID(int=seq))
        numbered = Numbered(uuid.UUID(int=1000 + seq), seq, 1, NOON)
        row = line(act, numbered, event("do", "thing", seq))
        said = canonical(row)
        head = chained(head, said)
        kept.append(Kept(seq, said, head, {name: row[name] for name in COLUMNS}))
    return kept


def forged(kept: Kept, **changes: Any) -> Kept:
    """A line that says something else, in its text and columns alike."""
    row = json.loads(kept.said) | changes
    return replace(kept, said=canonical(row), columns={name: row[name] for name in COLUMNS})


SIZES = st.integers(1, 12)


def test_a_chain_as_it_was_written_is_whole() -> None:
    for count in range(5):
        assert walk(written(count)).broken is None
        assert walk(written(count)).seq == count


@given(st.data(), SIZES)
def test_a_changed_line_is_found(data: st.DataObject, count: int) -> None:
    lines = written(count)
    at = data.draw(st.integers(0, count - 1))
    name = data.draw(
        st.sampled_from(["did", "thing_id", "at", "role", "happened", "place", "who_id"])
    )
    lines[at] = forged(lines[at], **{name: "other"})
    assert walk(lines).broken == at + 1


@given(st.data(), SIZES)
def test_a_column_that_was_changed_alone_is_found(data: st.DataObject, count: int) -> None:
    lines = written(count)
    at, name = data.draw(st.integers(0, count - 1)), data.draw(st.sampled_from(COLUMNS))
    lines[at] = replace(lines[at], columns={**lines[at].columns, name: "other"})
    assert walk(lines).broken == at + 1


@given(st.data(), st.integers(2, 12))
def test_a_line_that_was_taken_out_is_missed(data: st.DataObject, count: int) -> None:
    lines = written(count)
    at = data.draw(st.integers(0, count - 2))  # the last is missed by the chain's own head
    del lines[at]
    assert walk(lines).broken == at + 1


@given(st.data(), SIZES)
def test_a_line_that_was_put_in_is_found(data: st.DataObject, count: int) -> None:
    lines = written(count)
    at = data.draw(st.integers(0, count - 1))
    lines.insert(at, copy.copy(lines[data.draw(st.integers(0, count - 1))]))
    found = walk(lines).broken
    assert found is not None
    assert found <= at + 2


@given(st.permutations(range(6)))
def test_lines_in_another_order_are_found(order: list[int]) -> None:
    lines = written(6)
    moved = [replace(lines[old], seq=new + 1) for new, old in enumerate(order)]
    first = next((new + 1 for new, old in enumerate(order) if new != old), None)
    assert walk(moved).broken == first


@given(st.data(), st.integers(2, 12))
def test_whoever_forges_a_line_and_its_hash_is_found_at_the_next(
    data: st.DataObject, count: int
) -> None:
    lines = written(count)
    at = data.draw(st.integers(0, count - 2))
    one = forged(lines[at], did="undo")
    before = lines[at - 1].hash if at else BEGINNING
    lines[at] = replace(one, hash=chained(before, one.said))
    assert walk(lines).broken == at + 2


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "null", "not JSON", '{"id": 1}', '{"a":NaN}', '{"b":1,"a":2}']
)
def test_a_line_that_is_no_line_is_found_and_breaks_nothing(said: str) -> None:
    lines = written(3)
    lines[1] = replace(lines[1], said=said, hash=chained(lines[0].hash, said))
    assert walk(lines).broken == 2


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3),
        st.one_of(st.integers(), st.none(), st.booleans(), st.lists(st.integers(), max_size=3)),
    )
)
def test_one_content_has_one_form(said: dict[str, Any]) -> None:
    turned = dict(reversed(said.items()))
    assert canonical(said) == canonical(turned)
    assert json.loads(canonical(said)) == said


def lend(count: int) -> None:
    for book in range(count):
        with acting(Act(Rule("test"), "hub", NOON)) as lines:
            lines.add("check_out", "item", book)


@pytest.mark.usefixtures("people")
class TestInTheDatabase:
    """The same, done to the rows."""

    def test_what_stands_there_is_whole(self) -> None:
        lend(5)
        assert queries.first_broken("hub") is None

    @pytest.mark.parametrize("column", [name for name in COLUMNS if name != "machine"])
    def test_a_row_that_was_changed_is_found(self, column: str) -> None:
        lend(4)
        row = Line.objects.get(seq=3)
        other = {
            "id": uuid.uuid4(), "act": uuid.uuid4(), "place": uuid.uuid4(), "seq": 9, "nth": 5,
            "written": NOON, "at": NOON + datetime.timedelta(seconds=1), "day": datetime.date(2020, 1, 1),
        }.get(column, "other")  # fmt: skip
        Line.objects.filter(pk=row.pk).update(**{column: other})
        assert queries.first_broken("hub") == 3

    def test_a_text_that_was_changed_is_found(self) -> None:
        lend(4)
        row = Line.objects.get(seq=2)
        Line.objects.filter(seq=2).update(said=row.said.replace("check_out", "check_in"))
        assert queries.first_broken("hub") == 2

    @pytest.mark.parametrize("seq", [1, 2, 4])
    def test_a_row_that_was_removed_is_missed(self, seq: int) -> None:
        lend(4)
        Line.objects.filter(seq=seq).delete()
        assert queries.first_broken("hub") == seq

    def test_two_rows_that_changed_places_are_found(self) -> None:
        lend(4)
        Line.objects.filter(seq=2).update(seq=99)
        Line.objects.filter(seq=3).update(seq=2)
        Line.objects.filter(seq=99).update(seq=3)
        assert queries.first_broken("hub") == 2

    def test_a_chain_whose_end_was_forgotten_is_found(self) -> None:
        lend(4)
        Chain.objects.all().delete()
        assert queries.machines() == ["hub"]
        assert queries.first_broken("hub") == 5

    def test_lines_moved_to_another_machine_are_missed_in_both(self) -> None:
        lend(4)
        Line.objects.filter(seq=4).update(machine="phone")
        assert queries.first_broken("hub") == 4
        assert queries.first_broken("phone") == 1


def test_django_uses_the_sqlite_that_we_bring(notebook: Path) -> None:
    from django.db import connection
    from sqlcipher3 import dbapi2

    with connection.cursor() as cursor:

        def asked(question: str) -> Any:
            cursor.execute(question)
            return cursor.fetchone()[0]

        assert asked("SELECT sqlite_version()") == dbapi2.sqlite_version
        assert asked("PRAGMA cipher_version")
        assert asked("PRAGMA journal_mode") == "wal"
        assert asked("PRAGMA synchronous") == 2  # FULL
        assert asked("PRAGMA foreign_keys") == 1
        assert asked("PRAGMA busy_timeout") == 20_000
