"""gunicorn, the same on one machine and on Fargate; where it listens stands on the command line."""

import os

worker_class = "gthread"  # the only one that keeps connections alive without patching Python
preload_app = True  # loaded once, and what is loaded is shared by all workers; see mymovie/wsgi.py
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("DATABASE_POOL_SIZE", "8"))  # as many as have a connection to work with
keepalive = 75  # longer than the load balancer's 60 s, which else sends a request into a closing connection
graceful_timeout = 25  # below the container's 30 s
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must not wait for a disk
control_socket_disable = True
