"""What the worker does for uploads: finds out what they would change."""

import contextlib
import datetime
from pathlib import Path

from lianguan.catalogue import actions, queries
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.progress import Telling
from lianguan.journal.act import Act, Rule
from lianguan.network.queries import hub
from lianguan.transitions.lifecycle import NotAllowed

WORKER = Rule("worker")


def rehearse_all(root: Path) -> None:
    """Every rehearsal that somebody waits for, in order. Where somebody else builds, they wait."""
    waiting = queries.to_rehearse()
    founded = hub() if waiting else None
    if founded is None:
        return
    for upload in waiting:
        act = Act(WORKER, str(founded.id), datetime.datetime.now(datetime.UTC))
        with contextlib.suppress(NotAllowed):  # it was sent or dropped meanwhile
            try:
                actions.rehearse(act, upload=upload, told=Telling(root))
            except Refused as refused:
                if refused.code != "busy":
                    raise
                return
