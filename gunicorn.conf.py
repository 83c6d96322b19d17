"""The web server, the same in both shapes: threads, because requests wait for the database, not for the processor."""

import os
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "planner.web.server.Worker"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once and forked: half the start-up work, and the workers share the code's memory.
preload_app = True
timeout = 60
graceful_timeout = 2
# What a browser sends is far smaller; more is answered with 414 or 431.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# A socket in the home folder would be shared by every installation of this user.
control_socket_disable = True
# Nobody's header moves the site or an address within it: no proxy of ours has to.
forwarder_headers = ""
accesslog = None
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Each process shows life by the way that requests take."""
    from django.apps import apps  # Django is there only now

    if not apps.is_installed("staff"):
        return  # another application on our server, such as the floor of a measurement, has no rows to show life in

    from planner.pulse import web_pulse

    worker.pulse = web_pulse(worker.tpool)


def worker_exit(_server: Any, worker: Any) -> None:
    """Whoever ends as asked is not missed."""
    if pulse := getattr(worker, "pulse", None):
        pulse.stop()
