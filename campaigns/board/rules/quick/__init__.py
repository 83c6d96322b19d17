"""A task in one line: 主图返工 @小美 周五18点 #双11 !重要."""

from campaigns.board.rules.quick.facts import (
    LINE_LENGTH,
    MOST_LINES,
    TEXT_LENGTH,
    Choice,
    Issue,
    Part,
    QuickCampaign,
    QuickFacts,
    QuickPerson,
    Reading,
    Weight,
    tag_of,
)
from campaigns.board.rules.quick.reading import read

__all__ = [
    "LINE_LENGTH",
    "MOST_LINES",
    "TEXT_LENGTH",
    "Choice",
    "Issue",
    "Part",
    "QuickCampaign",
    "QuickFacts",
    "QuickPerson",
    "Reading",
    "Weight",
    "read",
    "tag_of",
]
