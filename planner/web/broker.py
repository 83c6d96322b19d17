"""The broker seen from the web."""

from contextlib import suppress
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

# A health check that hangs tells less than one that says no.
PING_SECONDS = 1.0


@cache
def _client() -> "Redis":
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    return Redis.from_url(url, socket_timeout=PING_SECONDS, socket_connect_timeout=PING_SECONDS)


# As kombu names the keys of queues.
_PREFIX = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
# What a queue of one process may leave behind when it is killed.
_LEFT_SECONDS = 600


def queue_length(name: str) -> int:
    """How many messages wait in this queue, which is dropped when nobody touches it for ten minutes."""
    with _client().pipeline(transaction=False) as pipe:
        pipe.llen(f"{_PREFIX}{name}")
        pipe.expire(f"{_PREFIX}{name}", _LEFT_SECONDS)
        return int(pipe.execute()[0])


def drop_queue(name: str) -> None:
    """Drops this queue with what waits in it; a broker that is gone has dropped it already."""
    with suppress(RedisError, OSError):
        _client().delete(f"{_PREFIX}{name}")


def broker_facts() -> dict[str, Any]:
    """What the broker says of itself (`INFO`), with `waiting`: the length of the workers' common queue.

    Raises what redis-py raises when nobody answers within a second.
    """
    with _client().pipeline(transaction=False) as pipe:
        pipe.info()
        pipe.llen(f"{_PREFIX}{settings.CELERY_TASK_DEFAULT_QUEUE}")
        info, waiting = pipe.execute()
    return {**info, "waiting": waiting}


def broker_answers() -> bool:
    """Whether the broker answers a ping within a second."""
    try:
        return bool(_client().ping())
    except (RedisError, OSError):
        return False
