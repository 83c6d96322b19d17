"""Whatever the reader may see, found by Chinese, pinyin, initials or number: four queries, however much there is."""

from datetime import datetime

from campaigns.campaign.models import Campaign
from campaigns.desk.queries.search.few import campaign_rows, campaigns_found, people_found, people_rows, templates_found
from campaigns.desk.queries.search.hits import CampaignHit, Found, Group, PersonHit, TaskHit, TemplateHit
from campaigns.desk.queries.search.tasks import tasks_found
from campaigns.desk.rules.search import Asked
from staff.people.rules import Actor

__all__ = ["CampaignHit", "Found", "Group", "PersonHit", "TaskHit", "TemplateHit", "search"]


def search(actor: Actor, asked: Asked, now: datetime, *, campaigns: list[Campaign] | None = None) -> Found:
    """What this text finds among all that the actor may see; nothing when no word is left of it.

    `campaigns` are the actor's `campaign_rows` where the caller has read them already.
    """
    if not asked:
        return Found(asked, Group(), Group(), Group(), Group())
    campaigns, people = campaign_rows(actor) if campaigns is None else campaigns, people_rows(actor)
    return Found(
        asked,
        campaigns_found(asked, campaigns),
        tasks_found(actor, asked, campaigns, people, now),
        people_found(actor, asked, people),
        templates_found(actor, asked),
    )
