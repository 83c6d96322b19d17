"""The API's own addresses, and the tokens that open it."""

from tests.walls.matrix.shapes import ONLY_OWN, SIGNED_IN, route
from tests.walls.world import PASSWORD

NEW = {"name": "报表", "expires_at": "30", "password": PASSWORD}

ROWS = [
    route("api:schema", GET=SIGNED_IN),
    route("api:docs", GET=SIGNED_IN),
    route("api:me", GET=SIGNED_IN),
    # The answer to a new token shows its secret, once: no redirect.
    route("staff:tokens", GET=SIGNED_IN, POST=SIGNED_IN.sends(**NEW).answers(200)),
    route("staff:revoke_token", {"token_id": "token"}, POST=ONLY_OWN),
]
