"""Who tried too many passwords waits: counted for a name at an address, since all of a township
come from one address, and a name alone would let anybody lock out anybody."""

import datetime
import ipaddress
from typing import NamedTuple

from django.db.models import F
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

FORGOTTEN = datetime.timedelta(days=1)
"""After a day without a wrong password all begins anew."""

A_MOMENT = datetime.timedelta(seconds=1)
"""For whoever tries at the very same time."""

NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that are one house: who has it has all the others."""


def begin_try(name: str, address: str, now: datetime.datetime) -> datetime.datetime | None:
    """Count a try before the password is looked at, so that many at once are many. Gives the
    moment until which no password is looked at; None where one may be tried."""
    key = _key(name, address)
    with one_writer():
        Misses.objects.filter(last__lt=now - FORGOTTEN).delete()
        row, _ = Misses.objects.get_or_create(key=key, defaults={"last": now})
        if (until := _until(row)) and now < until:
            return until
        free = Misses.objects.filter(key=key, count=row.count)
        taken = free.update(count=F("count") + 1, last=now)
    return None if taken else now + A_MOMENT


def waiting(name: str, address: str, now: datetime.datetime) -> datetime.datetime | None:
    """Until when no password of this name is looked at from this address; None if one may be
    tried."""
    row = Misses.objects.filter(key=_key(name, address)).first()
    until = _until(row) if row else None
    return until if until and now < until else None


def forget_tries(name: str, address: str) -> None:
    """The password was right."""
    with one_writer():
        Misses.objects.filter(key=_key(name, address)).delete()


def _until(row: Misses) -> datetime.datetime | None:
    time = next((wait.time for wait in WAITS if row.count >= wait.misses), None)
    return row.last + time if time else None


def _key(name: str, address: str) -> str:
    said = f"{name.strip().casefold()}\n{_house(address)}"
    return salted_hmac("lianguan.network.tries", said, algorithm="sha256").hexdigest()


def _house(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and not found.ipv4_mapped:
        return str(ipaddress.ip_network((int(found), NETWORK_OF_ONE), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
