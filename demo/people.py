"""Who works in the demonstration: the hub, its places and somebody for each desk.

python -m demo.people FOLDER

The places are real, the people invented, and so is their password, which everybody may know: the
demonstration answers on this machine alone. Once a hub is founded nothing is changed.
"""

import datetime
import sys
from pathlib import Path
from typing import NamedTuple

from demo.facts import LIBRARIES, NAMES
from lianguan.site.preparing import prepare

HUB = "济南—海北公共图书馆联馆"
PASSWORD = "cong quancheng dao qinghai hu"  # noqa: S105 - of invented people, told to everybody
PLACES = f"""
{NAMES["J"]}\t{LIBRARIES["J"]}\tJinan Library
  济南市图书馆泉城路分馆
{NAMES["H"]}\t{LIBRARIES["H"]}\tམཚོ་བྱང་དཔེ་མཛོད་ཁང་།\tHaibei Prefecture Library
  {NAMES["G"]}\t{LIBRARIES["G"]}\tGangca County Library
    沙柳河镇文化站
      果洛藏贡麻村牧家书屋
  门源县图书馆
海北藏族自治州文化和旅游局
"""


class Somebody(NamedTuple):
    sign_in: str
    name: str
    role: str
    at: str
    """Code of the place."""


HEAD = Somebody("chenzhiyuan", "陈志远", "administrator", "")
"""Administers the hub."""
STAFF = (
    Somebody("zhouming", "周明", "cataloguer", LIBRARIES["J"]),
    Somebody("lizhuoma", "李卓玛", "administrator", LIBRARIES["H"]),
    Somebody("macairang", "马才让", "director", LIBRARIES["H"]),
    Somebody("suonan", "索南", "cataloguer", LIBRARIES["G"]),
)


def found() -> None:
    """Found the hub, unless there is one. Django is set up for its data folder."""
    from lianguan.journal.act import Act, Rule  # noqa: PLC0415 - not before Django is set up
    from lianguan.journal.ids import new_id  # noqa: PLC0415
    from lianguan.network import actions, pasted, queries  # noqa: PLC0415

    if queries.is_founded():
        return
    hub = new_id()

    def act() -> Act:
        return Act(Rule("demonstration"), str(hub), datetime.datetime.now(datetime.UTC), hub)

    def new(one: Somebody) -> actions.NewStaff:
        return actions.NewStaff(one.sign_in, one.name, PASSWORD)

    actions.found_hub(act(), hub=hub, name=HUB, administrator=new(HEAD))
    listed = pasted.read_list(PLACES, pasted.Standing(actions.HUB_CODE, "", "hub"))
    actions.add_places(act(), under=hub, places=listed, with_records=())
    places = {one.code: one.id for one in queries.places()}
    for one in STAFF:
        actions.add_with_role(act(), new=new(one), place=places[one.at], role=one.role)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
    found()
