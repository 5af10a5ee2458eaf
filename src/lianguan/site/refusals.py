"""What a person at the command line is told when something cannot be done."""

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import NoReturn

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.sharing import ProcessFailed
from lianguan.site.language import language
from lianguan.site.wording import wording

REFUSED = 1
"""Exit code of what was not done. 0 is done; 2 is a wrong use of the command."""


@contextlib.contextmanager
def told(*, as_json: bool = False) -> Iterator[None]:
    """Turns a refusal, ours or the system's (no room …), into a sentence and exit code 1."""
    try:
        yield
    except BrokenPipeError:
        raise
    except Exception as error:
        refused = as_refusal(error)
        if refused is None:
            raise
        refuse(refused, as_json=as_json)


def as_refusal(error: BaseException) -> Refused | None:
    """What went wrong, if it is a refusal of ours or of the system; None for a fault."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, sqlite.Error):
        return Refused("system_refused", f"SQLite: {error}")
    if isinstance(error, OSError):
        said = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
        return Refused("system_refused", said)
    if isinstance(error, MemoryError | ProcessFailed):
        return Refused("system_refused", _last_line(error))
    return None


def _last_line(error: BaseException) -> str:
    """Of what a process said when it ended, what went wrong."""
    return str(error).strip().rpartition("\n")[2] or type(error).__name__


def tell(refused: Refused) -> str:
    """Say what was not done, and why; gives the sentence."""
    said = wording(refused.code, language())
    print(f"✗ {said}" + (f"  ({refused.detail})" if refused.detail else ""), file=sys.stderr)  # noqa: T201
    return said


def refuse(refused: Refused, *, as_json: bool = False) -> NoReturn:
    """Say what was not done, and leave."""
    said = tell(refused)
    if as_json:
        answer = {"error": refused.code, "detail": refused.detail, "sentence": said}
        print(json.dumps(answer, ensure_ascii=False))  # noqa: T201
    raise SystemExit(REFUSED)
