"""Libraries on two shores, and somebody for every role. The places are real, the people invented."""

import datetime
import tempfile
import uuid
from functools import cache
from pathlib import Path

from django.db import connection

from lianguan.journal.act import Act, Rule
from lianguan.journal.ids import new_id
from lianguan.network import actions, queries
from lianguan.network.actions import NewStaff
from lianguan.network.pasted import Standing, read_list
from lianguan.network.roles import ROLES
from lianguan.site.database import FILE
from tests import databases

PASSWORD = "qinghai hu bei an 2026"
NAMES = {
    "administrator": "李卓玛", "cataloguer": "周明", "director": "马才让", "bureau": "何静",
    "interlending": "韩雪", "training": "索南", "promotion": "孙倩", "desk": "马小花",
    "keeper": "拉毛", "hub": "陈志远",
}  # fmt: skip
PLACES = """
济南市图书馆\tJN
  历下分馆
海北州图书馆\tHB\tམཚོ་བྱང་དཔེ་མཛོད་ཁང་།
  门源县图书馆\tMY
    浩门镇文化站
      头塘村牧家书屋
海北州文化和旅游局
"""
SINCE = datetime.date(2026, 1, 1)


def act(machine: str = "", place: uuid.UUID | None = None) -> Act:
    machine = machine or str(queries.hub().id)  # type: ignore[union-attr]
    return Act(Rule("test"), machine, datetime.datetime.now(datetime.UTC), place)


def place(code: str) -> uuid.UUID:
    return next(one.id for one in queries.places() if one.code == code)


def staff(sign_in: str) -> uuid.UUID:
    found = queries.staff_by_sign_in(sign_in)
    assert found
    return found.id


def build(places: str = PLACES, at: str = "HB") -> None:
    """The hub, its places; `hub` administers it, and for each role somebody of that name has it at
    one of them, the library of the prefecture."""
    found()
    add_places(places)
    for role in ROLES:
        new = NewStaff(role.code, NAMES[role.code], PASSWORD)
        made = actions.add_staff(act(), new=new)
        actions.appoint(act(), staff=made, place=place(at), role=role.code, since=SINCE)


def found() -> None:
    """The hub, and `hub` who administers it."""
    hub = new_id()
    administrator = NewStaff("hub", NAMES["hub"], PASSWORD)
    actions.found_hub(
        act(str(hub)), hub=hub, name="济南—海北公共图书馆联馆", administrator=administrator
    )


def add_places(listed: str) -> None:
    """The places of a list, under the hub."""
    read = read_list(listed, Standing(actions.HUB_CODE, "", "hub"))
    actions.add_places(act(), under=place(actions.HUB_CODE), places=read, with_records=())


@cache
def template() -> Path:
    """A database with all of them, made once."""
    folder = Path(tempfile.mkdtemp(prefix="world-", dir=databases.scratch()))
    with databases.sqlite(folder):
        build()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / FILE


DAY = datetime.timedelta(days=1)
