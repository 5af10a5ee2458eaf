"""What cataloguers say of pairs of records: all that is written of it."""

import datetime
import uuid
from collections.abc import Collection, Sequence

from django.conf import settings

from lianguan.catalogue.models import Judgement, PutOff
from lianguan.engine.match.cluster import Pair, pair
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.decisions import DECISIONS, OPEN
from lianguan.engine.union.keys import address_of, parted
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.taking_back import mark_decided
from lianguan.journal.act import Act, Staff
from lianguan.journal.actions import acting, one_writer
from lianguan.journal.ids import new_id


def check_own(pairs: Sequence[Pair], libraries: Collection[str] | None) -> None:
    """Somebody decides on two records where one of them at least is of their libraries; None: on
    any. Raises Refused("not_your_records")."""
    for two in pairs:
        if libraries is not None and not any(parted(key)[0] in libraries for key in two):
            raise Refused("not_your_records", " ".join(two))


def judge(
    act: Act, *, pairs: Sequence[Pair], said: str, seen: str = "", asked: bool = False
) -> None:
    """Say one thing of pairs of records; of what holds already nothing is written. `seen` is what
    held when whoever says it looked, "" if that does not matter; `asked`, that they were offered.
    Should this end in the middle, `write_judgement` goes on. Raises Refused: "decision_unknown",
    "decision_on_itself", "record_unknown", or "judged_meanwhile" where something else holds now."""
    pairs = [pair(*two) for two in pairs]
    _check(pairs, said)
    with acting(act) as lines:
        if seen and any(holding(two) != seen for two in pairs):
            raise Refused("judged_meanwhile", " ".join(pairs[0]))
        new = [two for two in pairs if holding(two) != said]
        rows = [_row(act, two, said, was_asked=asked) for two in new]
        Judgement.objects.bulk_create(rows)
        for row in rows:
            records = [address_of(*parted(key)) for key in (row.left, row.right)]
            lines.add("pair_judged", "judgement", row.id, said=said, records=records)
    for row in rows:
        write_judgement(judgement=row.id)


def _check(pairs: Sequence[Pair], said: str) -> None:
    if said not in DECISIONS:
        raise Refused("decision_unknown", said)
    with UnionCatalogue(settings.DATA) as opened:
        for left, right in pairs:
            if left == right:
                raise Refused("decision_on_itself", left)
            if said != OPEN:
                opened.check_there(left)
                opened.check_there(right)


def _row(act: Act, two: Pair, said: str, *, was_asked: bool) -> Judgement:
    by = act.who.id if isinstance(act.who, Staff) else None
    return Judgement(
        id=new_id(),
        left=two[0],
        right=two[1],
        said=said,
        by=by,
        at=act.at,
        day=act.day,
        was_asked=was_asked,
    )


def holding(two: Pair) -> str:
    """What holds of a pair now: the last word on it, of the pages or of the command line; OPEN if
    there is none."""
    waiting = Judgement.objects.filter(left=two[0], right=two[1], is_done=False)
    if row := waiting.order_by("-at").first():
        return row.said
    return Sources(settings.DATA / "sources").decisions.in_force().get(two, OPEN)


def write_judgement(*, judgement: uuid.UUID) -> None:
    """Write into the log of decisions what somebody said; again where that was cut short."""
    row = Judgement.objects.get(id=judgement)
    if row.is_done:
        return
    mark_decided(settings.DATA, row.left, row.right, row.said, origin=str(row.id))
    with one_writer():
        Judgement.objects.filter(id=judgement).update(is_done=True)


def put_off(act: Act, *, two: Pair) -> None:
    """Put a pair behind the others for whoever says so, until the next day. It changes nothing that
    others see, so the journal has no line of it."""
    if not isinstance(act.who, Staff):
        raise TypeError("somebody puts it off")
    left, right = pair(*two)
    with one_writer():
        PutOff.objects.update_or_create(
            left=left, right=right, by=act.who.id, day=act.day, defaults={"at": act.at}
        )


def forget_put_off(before: datetime.date) -> None:
    """Forget what was put off on days that are over."""
    with one_writer():
        PutOff.objects.filter(day__lt=before).delete()
