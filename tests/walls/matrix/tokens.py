"""The API's own addresses, and the tokens that open it."""

from datetime import timedelta

from django.utils import timezone

from tests.walls.matrix.shapes import ONLY_OWN, SIGNED_IN, route
from tests.walls.world import PASSWORD

NEW = {"name": "报表", "expires_at": "30", "password": PASSWORD}
MADE = {
    "name": "报表",
    "expires_at": lambda _world: (timezone.now() + timedelta(days=9)).isoformat(),
    "password": PASSWORD,
}

ROWS = [
    route("api:schema", GET=SIGNED_IN),
    route("api:docs", GET=SIGNED_IN),
    route("api:me", GET=SIGNED_IN),
    route("api:guide", PUT=SIGNED_IN.sends(is_open=False)),
    route("api:language", PUT=SIGNED_IN.sends(language="en")),
    # The answer to a new token shows its secret, once: no redirect.
    route("staff:tokens", GET=SIGNED_IN, POST=SIGNED_IN.sends(**NEW).answers(200)),
    route("api:tokens", GET=SIGNED_IN, POST=SIGNED_IN.sends(**MADE)),
    route("api:token", {"token_id": "token"}, GET=ONLY_OWN, DELETE=ONLY_OWN),
    route("staff:revoke_token", {"token_id": "token"}, POST=ONLY_OWN),
]
