"""The pages served, on this machine, and beside them the worker that builds."""

import errno
import ipaddress
import os
import secrets
import socket
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lianguan.engine.read.findings import Refused
from lianguan.site.arriving import MAKING, WAITING
from lianguan.site.language import say
from lianguan.site.preparing import prepare
from lianguan.site.refusals import told
from lianguan.site.working import Worker

WORD = 9
"""Bytes of the word for setting up."""

LAST_ANSWERS = 5
"""Seconds for answers under way when the server is to stop; a reader whose half a question
never ends does not hold it up."""


def serve(root: Path, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Port 0 takes a free one. Raises Refused("port_taken")
    or, for an address that this machine does not have, Refused("host_unknown")."""
    with told():
        port = _free(host, port)
        prepare(root)
        address = f"http://{host}:{port}/"
        print(say("联馆已打开：", "Lianguan is at ") + address, flush=True)  # noqa: T201
        _tell_how_to_set_up(host, address)
        server = Granian(
            "lianguan.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=MAKING + WAITING,
            workers_kill_timeout=LAST_ANSWERS,
            log_level=LogLevels.error,
        )
        worker = Worker()
        worker.start()
        try:
            server.serve()
        finally:
            worker.stop()


def _tell_how_to_set_up(host: str, address: str) -> None:
    """While no hub is founded: where, and on a network with which word."""
    from lianguan.network import queries, setup  # noqa: PLC0415 - not before Django is set up

    if queries.is_founded():
        return
    if not _is_loopback(host):
        os.environ.setdefault(setup.VARIABLE, secrets.token_urlsafe(WORD))
    word = f"?word={quote(setup.word())}" if setup.word() else ""
    print(say("建立联馆：", "Set up the hub at ") + f"{address}setup{word}", flush=True)  # noqa: T201
    connection.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _free(host: str, port: int) -> int:
    """The port, if nobody else has it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((host, port))
        except OSError as error:
            is_taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
            code = "port_taken" if is_taken else "host_unknown"
            raise Refused(code, f"{host}:{port}") from error
        return int(asked.getsockname()[1])
