"""Hubs at which people work, made without a browser: founded, with places, with files in every state
in which a page shows them. A program, so that each of its steps can be another day (hub.py).

python -m tests.browser.founded found|people|files|tangle|hold     (LIANGUAN_DATA names the folder)
"""

import datetime
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace

import django

django.setup()  # before the modules with rows are loaded

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from demo import gangcha  # noqa: E402
from demo.facts import LIBRARIES  # noqa: E402
from demo.people import PLACES  # noqa: E402
from lianguan.catalogue import actions, examined, judging, surveyed  # noqa: E402
from lianguan.engine.match.decide import DIFFERENT, SAME  # noqa: E402
from lianguan.engine.union.catalogue import UnionCatalogue  # noqa: E402
from lianguan.engine.union.database import building  # noqa: E402
from lianguan.engine.union.decisions import OPEN, WORK  # noqa: E402
from lianguan.engine.union.doubts import Doubts  # noqa: E402
from lianguan.engine.union.progress import Telling  # noqa: E402
from lianguan.engine.union.taking_back import decide  # noqa: E402
from lianguan.journal.act import Staff  # noqa: E402
from lianguan.network import tries  # noqa: E402
from lianguan.site.examining import examine_all  # noqa: E402
from lianguan.site.finishing import finish  # noqa: E402
from tests.browser.sent import TANGLED, UNKNOWN, nightly  # noqa: E402
from tests.network import world  # noqa: E402

LOCKED_OUT = "zhaxi"
"""Who has tried too many passwords, from this machine."""


def found() -> None:
    """A hub, and who administers it."""
    call_command("migrate", verbosity=0)
    world.found()


def list_places() -> None:
    """The first hour up to the first file."""
    found()
    world.add_places(PLACES)


def people() -> None:
    """A hub with places and somebody for each role."""
    call_command("migrate", verbosity=0)
    world.build(PLACES, LIBRARIES["H"])


def files() -> None:
    """Files that people have sent and not yet said yes to; somebody who has forgotten a password;
    everything was looked at."""
    _stage("H", "海北夜间导出-0302.mrc", nightly(60, 100))
    _stage("G", "刚察藏书登记.xlsx", gangcha.export())
    _stage("G", "书单.csv", UNKNOWN)
    for library, name, sent in (
        ("H", "海北夜间导出-0301.mrc", nightly(30, 80)),
        ("J", "济南通知.txt", "各馆请于三月十日前送齐馆藏数据。".encode()),
    ):
        actions.ask_rehearsal(world.act(), upload=_stage(library, name, sent))
    finish(settings.DATA)
    _judge()
    _lock_out()
    examined.answer(settings.DATA, examine_all)


def tangle() -> None:
    """People contradict each other; what is worth a look was counted."""
    one, other, third = (f"{LIBRARIES['H']}:{number}" for number in TANGLED)
    for left, right, said in ((one, other, SAME), (other, third, SAME), (one, third, DIFFERENT)):
        decide(settings.DATA, left, right, said)
    surveyed.count_anew(settings.DATA)


def _stage(library: str, name: str, sent: bytes) -> uuid.UUID:
    kept = [(name, [sent])]
    return actions.stage(world.act(), library=LIBRARIES[library], kind="upsert", files=kept)


def _judge() -> None:
    """A cataloguer has decided on some doubtful pairs, and taken one decision back."""
    cataloguer = Staff(world.staff("cataloguer"), "cataloguer")
    with UnionCatalogue(settings.DATA) as opened:
        doubts = Doubts(opened)
        asked = doubts.at(opened, doubts.of(opened, [LIBRARIES["H"]])[-4:])
    for (left, right, _), said in zip(asked, (SAME, DIFFERENT, WORK, SAME), strict=True):
        judging.judge(
            replace(world.act(), who=cataloguer), pairs=[(left, right)], said=said, asked=True
        )
    judging.judge(replace(world.act(), who=cataloguer), pairs=[asked[-1][:2]], said=OPEN)


def _lock_out() -> None:
    """Somebody has tried a wrong password every hour, for as long as it takes."""
    now = datetime.datetime.now(datetime.UTC)
    for before in reversed(range(tries.WAITS[0].misses)):
        tries.begin_try(LOCKED_OUT, "127.0.0.1", now - datetime.timedelta(hours=before))


def hold() -> None:
    """Be at work on a delivery and come no further, until nobody listens any more."""
    with building(settings.DATA, "import"):
        Telling(settings.DATA)("match", 74, 117)
        print("at work", flush=True)
        sys.stdin.read()


STEPS: dict[str, Callable[[], None]] = {
    one.__name__: one for one in (found, list_places, people, files, tangle, hold)
}

if __name__ == "__main__":
    STEPS[sys.argv[1]]()
