"""Who tried too many passwords waits: counted for a name at an address, since all of a township
come from one address, and a name alone would let anybody lock out anybody. Of all names at an
address together many more are free, and passwords are looked at one after the other, so that
guesses at ever new names leave the machine to the readers."""

import contextlib
import datetime
import ipaddress
import threading
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from lianguan.journal.actions import one_writer
from lianguan.network.models import Misses


class Wait(NamedTuple):
    misses: int
    time: datetime.timedelta


WAITS = (
    Wait(15, datetime.timedelta(hours=4)),
    Wait(10, datetime.timedelta(minutes=30)),
    Wait(5, datetime.timedelta(minutes=5)),
)
"""So many wrong passwords one after the other, and so long a wait after the last; the first row
that fits."""

OF_ALL_NAMES = Wait(50, datetime.timedelta(minutes=10))
"""So many wrong passwords from one address within such a stretch of time, whatever the names, and
nobody gets in from there till the next begins. A county of which every fourth mistypes has room."""

FORGOTTEN = datetime.timedelta(days=1)
"""After a day without a wrong password all begins anew."""

A_MOMENT = datetime.timedelta(seconds=1)
"""For whoever tries at the very same time."""

NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that are one house: who has it has all the others."""


AT_THE_DOOR = 2
"""Of one process: whose password is looked at, and who is next. Each takes a core for a quarter of
a second and one of its four threads; the others are for those who read."""


class Locked(NamedTuple):
    """No password is looked at now."""

    until: datetime.datetime
    code: str
    """What is said of it, and why: lines of words.csv."""
    why: str


OF_NAME = ("locked", "locked_why")
OF_ADDRESS = ("locked_network", "locked_network_why")
BUSY = ("locked_busy", "locked_busy_why")

door = threading.BoundedSemaphore(AT_THE_DOOR)
_looked_at = threading.Lock()


@contextlib.contextmanager
def trying(name: str, address: str, now: datetime.datetime) -> Iterator[Locked | None]:
    """A password is looked at meanwhile, and no other in this process; what is given says why it
    may not be. Who comes while somebody waits is told to come again, and nothing is counted."""
    if not door.acquire(blocking=False):
        yield Locked(now + A_MOMENT, *BUSY)
        return
    try:
        with _looked_at:
            yield begin_try(name, address, now)
    finally:
        door.release()


def begin_try(name: str, address: str, now: datetime.datetime) -> Locked | None:
    """Count a try before the password is looked at, so that many at once are many. None where it
    may be looked at."""
    key, key_of_all = _key(name, address), _key_of_all(address, now)
    with one_writer():
        Misses.objects.filter(last__lt=now - FORGOTTEN).delete()
        everybody, _ = Misses.objects.get_or_create(key=key_of_all, defaults={"last": now})
        if everybody.count >= OF_ALL_NAMES.misses:
            return Locked(_end_of_stretch(now), *OF_ADDRESS)
        row, _ = Misses.objects.get_or_create(key=key, defaults={"last": now})
        if (until := _until(row)) and now < until:
            return Locked(until, *OF_NAME)
        if not _counted(Misses.objects.filter(key=key, count=row.count), now):
            return Locked(now + A_MOMENT, *BUSY)
        _counted(Misses.objects.filter(key=key_of_all), now)
    return None


def _counted(rows: QuerySet[Misses], now: datetime.datetime) -> int:
    return rows.update(count=F("count") + 1, last=now)


def forget_tries(name: str, address: str, now: datetime.datetime) -> None:
    """The password was right, so what was tried of this name was no guessing."""
    with one_writer():
        own = Misses.objects.filter(key=_key(name, address))
        misses = sum(own.values_list("count", flat=True))
        own.delete()
        everybody = Misses.objects.filter(key=_key_of_all(address, now))
        everybody.update(count=Greatest(F("count") - misses, 0))
        everybody.filter(count=0).delete()


def _until(row: Misses) -> datetime.datetime | None:
    time = next((wait.time for wait in WAITS if row.count >= wait.misses), None)
    return row.last + time if time else None


def _key(name: str, address: str) -> str:
    return _digest("tries", f"{name.strip().casefold()}\n{_house(address)}")


def _key_of_all(address: str, now: datetime.datetime) -> str:
    """Another for each stretch of time, so that a busy house is not counted for ever."""
    return _digest("tries_of_all", f"{_end_of_stretch(now).isoformat()}\n{_house(address)}")


def _end_of_stretch(now: datetime.datetime) -> datetime.datetime:
    length = OF_ALL_NAMES.time.total_seconds()
    end = (now.timestamp() // length + 1) * length
    return datetime.datetime.fromtimestamp(end, datetime.UTC)


def _digest(of: str, said: str) -> str:
    return salted_hmac(f"lianguan.network.{of}", said, algorithm="sha256").hexdigest()


def _house(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and not found.ipv4_mapped:
        return str(ipaddress.ip_network((int(found), NETWORK_OF_ONE), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
