"""The tables: one file per part of the product, one row per route.

To add a route: one `route(…)` line in the file of its part (a new file goes into `PARTS`): which of the world's rows
its address names, and for every method that it knows the shape of who may, with a valid body. What is not named is 405.
"""

from tests.walls.matrix import accounts, board, campaign, figures, messages, people, reviews, sop, tokens
from tests.walls.matrix.shapes import Row

PARTS = (accounts, board, campaign, figures, messages, people, reviews, sop, tokens)
ROWS: list[Row] = [row for part in PARTS for row in part.ROWS]
# Further rows of the same routes, for what depends on the state of things.
MORE: list[Row] = [row for part in PARTS for row in getattr(part, "MORE", ())]
