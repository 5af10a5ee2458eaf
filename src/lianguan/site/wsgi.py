"""The pages as a WSGI application."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from lianguan.engine.union.sharing import end_with
from lianguan.site.arriving import patient

server = multiprocessing.parent_process()
if server and server.pid:  # this is a process of `lianguan serve`
    end_with(server.pid)
    # Ctrl-C is for the server, which then ends this one: two signals at once may leave it hanging.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
application = patient(get_wsgi_application())
