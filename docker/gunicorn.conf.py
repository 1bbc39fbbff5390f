"""gunicorn, the same on one machine and on Fargate; where it listens stands on the command line."""

import os
import sys

from mymovie.fair_worker import FairWorker

worker_class = FairWorker  # threads: the only way to keep connections alive without patching Python
preload_app = True  # loaded once, and what is loaded is shared by all workers; see mymovie/wsgi.py
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Those who wait for a connection to the database do it in threads, where mymovie/crowd.py counts them: twice as many while it
# is away. The rest turn away.
threads = 2 * int(os.environ.get("REQUESTS_AT_ONCE", "32")) + 8
keepalive = 75  # longer than the load balancer's 60 s, which else sends a request into a closing connection
graceful_timeout = 25  # below the container's 30 s
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must not wait for a disk
control_socket_disable = True
# A thread that is ready waits for the one that reckons, 5 ms for each step unless told otherwise: who accepts connections
# and who turns others away would starve behind a few pages.
sys.setswitchinterval(0.0005)
# Whoever asked has gone by then. Chores, which are not asked for by anybody, take as long as they need.
os.environ.setdefault("STATEMENT_TIMEOUT", "20s")


def child_exit(_server: object, worker: FairWorker) -> None:
    worker.leave()
