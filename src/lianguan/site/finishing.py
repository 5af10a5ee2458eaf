"""What the worker does for uploads and for what people said of records: finds out what files would
change, and finishes what was cut short. A fault of one holds up no other."""

import contextlib
import datetime
import traceback
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from lianguan.catalogue import actions, judging, queries
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.progress import Telling
from lianguan.journal.act import Act, Rule, day_of
from lianguan.network.queries import hub
from lianguan.site.refusals import as_refusal
from lianguan.transitions.lifecycle import NotAllowed

WORKER = Rule("worker")
One = TypeVar("One")


def finish(root: Path) -> None:
    """All that somebody said yes to, or waits for, in order. Where somebody else builds, it
    waits."""
    each(queries.in_state("sending"), lambda one: actions.receive(_act(), upload=one))
    each(queries.unwritten_withdrawals(), lambda one: actions.write_withdrawal(delivery=one))
    each(queries.unwritten_judgements(), lambda one: judging.write_judgement(judgement=one))
    each(queries.in_state("to_rehearse"), partial(_rehearse, root))


PATIENCE = datetime.timedelta(days=30)
"""For which files wait for a yes."""


def tidy() -> None:
    """Drop what was forgotten."""
    if hub():
        now = datetime.datetime.now(datetime.UTC)
        actions.tidy(_act(), before=now - PATIENCE)
        judging.forget_put_off(day_of(now))


def each(ones: Iterable[One], do: Callable[[One], object]) -> None:
    """Do something for each. What is refused was noted by whoever refuses it, and what is not
    allowed any more was done or dropped meanwhile."""
    for one in ones:
        with contextlib.suppress(NotAllowed):
            try:
                do(one)
            except Refused as refused:
                if refused.code in actions.NOT_ITS_FAULT:
                    return


def _act() -> Act:
    founded = hub()
    if founded is None:
        raise RuntimeError("there are uploads and there is no hub")
    return Act(WORKER, str(founded.id), datetime.datetime.now(datetime.UTC))


def _rehearse(root: Path, upload: uuid.UUID) -> None:
    try:
        actions.rehearse(_act(), upload=upload, told=Telling(root))
    except (Refused, NotAllowed):
        raise
    except FileNotFoundError:  # dropped while it was read
        actions.refuse(_act(), upload=upload, refused=Refused("files_gone"))
    except Exception as error:
        if as_refusal(error):  # of the machine: a disk that is full
            raise
        traceback.print_exc()
        actions.refuse(_act(), upload=upload, refused=Refused("rehearsal_failed"))
