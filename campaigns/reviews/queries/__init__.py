"""Reviews: the facts they are compiled from, and the page as its readers may see it."""

from campaigns.reviews.queries.facts import campaigns_to_compile, review_facts, stored_summary
from campaigns.reviews.queries.screen import review_screen
from campaigns.reviews.queries.shown import ReviewScreen

__all__ = ["ReviewScreen", "campaigns_to_compile", "review_facts", "review_screen", "stored_summary"]
