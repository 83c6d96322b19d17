"""The broker seen from the web."""

from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

# A health check that hangs tells less than one that says no.
PING_SECONDS = 1.0


@cache
def _client() -> "Redis":
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    return Redis.from_url(url, socket_timeout=PING_SECONDS, socket_connect_timeout=PING_SECONDS)


def broker_answers() -> bool:
    """Whether the broker answers a ping within a second."""
    try:
        return bool(_client().ping())
    except (RedisError, OSError):
        return False
