"""Who may set up a hub. Whoever comes first administers it, so it must not be just anybody.

A server that only this machine can reach lets whoever sits at it. A server on a network lets
whoever knows a word that it prints at its start (LIANGUAN_SETUP). Where the word is set it is
asked of everybody, and it must be set where a web server stands in front, since then all come from
this machine; what says that one does is looked for, and not trusted to be there.
"""

import hmac
import ipaddress
import os

from django.conf import settings
from django.http import HttpRequest

from lianguan.network import queries

VARIABLE = "LIANGUAN_SETUP"
OF_A_SERVER_IN_FRONT = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)


def word() -> str:
    """What must be said to set up the hub; "" where being at the machine is enough."""
    return os.environ.get(VARIABLE, "")


def may_set_up(request: HttpRequest, said: str = "") -> bool:
    """No hub is founded, and this is somebody who may found it."""
    if queries.is_founded():
        return False
    if word():
        return hmac.compare_digest(said.encode(), word().encode())
    return is_at_the_machine(request)


def is_at_the_machine(request: HttpRequest) -> bool:
    """The browser runs on this machine, as far as can be seen."""
    is_passed_on = any(name in request.META for name in OF_A_SERVER_IN_FRONT)
    hosts = getattr(settings, "HOSTS_SAID", "")
    return not is_passed_on and not hosts and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback
