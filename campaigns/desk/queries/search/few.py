"""What there is little of: campaigns, people, procedures. They are read whole and matched by the rules."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from campaigns.campaign.models import Campaign
from campaigns.campaign.queries import visible
from campaigns.campaign.rules import Phase
from campaigns.desk.queries.search.hits import MOST_OTHERS, CampaignHit, Group, HitT, PersonHit, TemplateHit
from campaigns.desk.rules.search import Asked, Named, pieces, rank
from campaigns.sop.models import SopTemplate, SopVersion
from campaigns.sop.queries.templates import visible as visible_templates
from planner.web.words import in_language
from staff.people.models import Membership
from staff.people.rules import Actor, may_manage


def _best(
    rows: Iterable[Any],
    asked: Asked,
    named: Callable[[Any], Named],
    hit: Callable[[Any], HitT],
    order: Callable[[Any], Any],
) -> Group[HitT]:
    """The best few of few rows; those that match alike stand by `order`."""
    ranked = [(rank(asked.words, named(row)), row) for row in rows]
    found = sorted(
        [(place, row) for place, row in ranked if place is not None], key=lambda pair: (pair[0], order(pair[1]))
    )
    return Group(tuple(hit(row) for _, row in found[:MOST_OTHERS]), len(found), found[0][0] if found else 0)


# --- campaigns ------------------------------------------------------------------------------------


def campaign_rows(actor: Actor) -> list[Campaign]:
    """Every campaign that the actor may see, the newest first."""
    rows = Campaign.objects.filter(visible(actor)).select_related("team")
    return list(
        rows.only("name", "pinyin", "kind", "phase", "archived_at", "starts_at", "team__name").order_by("-starts_at")
    )


def campaign_named(row: Campaign) -> Named:
    """What a campaign is found by."""
    return Named(row.name, row.pinyin, beside=(row.team.name,))


def campaigns_found(asked: Asked, rows: Iterable[Campaign]) -> Group[CampaignHit]:
    """The campaigns that were found: those that run first, then closed ones, then archived ones."""
    return _best(rows, asked, campaign_named, lambda row: _campaign_hit(row, asked), order_of)


def order_of(row: Campaign) -> int:
    """0 for a campaign that runs, more for one at rest."""
    return 2 if row.archived_at else int(row.phase == Phase.CLOSED)


def _campaign_hit(row: Campaign, asked: Asked) -> CampaignHit:
    return CampaignHit(
        id=row.pk,
        name=row.name,
        pieces=pieces(row.name, row.pinyin, asked.words),
        phase=Phase(row.phase),
        is_routine=row.kind == "routine",
        is_archived=row.archived_at is not None,
        team_name=row.team.name,
    )


# --- people ---------------------------------------------------------------------------------------


def people_rows(actor: Actor) -> list[Membership]:
    """All who have or had a place in the actor's teams: tasks are found by those who left, too."""
    rows = Membership.objects.all() if actor.is_system else Membership.objects.filter(team_id__in=actor.team_ids)
    fields = ("left_at", "team__name", "user__display_name", "user__pinyin", "user__login", "user__is_active")
    return list(rows.select_related("user", "team").only(*fields).order_by("user_id", "team_id"))


def person_named(row: Membership) -> Named:
    """What a person is found by."""
    return Named(row.user.display_name, row.user.pinyin, code=row.user.login)


def people_found(actor: Actor, asked: Asked, rows: Iterable[Membership]) -> Group[PersonHit]:
    """The colleagues who were found, each once."""
    here: dict[int, list[Membership]] = {}
    for row in rows:
        if row.left_at is None and row.user.is_active:
            here.setdefault(row.user_id, []).append(row)
    return _best(
        here.values(),
        asked,
        lambda places: person_named(places[0]),
        lambda places: _person_hit(actor, places, asked),
        lambda places: places[0].user.display_name,
    )


def _person_hit(actor: Actor, places: Sequence[Membership], asked: Asked) -> PersonHit:
    user = places[0].user
    return PersonHit(
        id=user.pk,
        name=user.display_name,
        login=user.login,
        pieces=pieces(user.display_name, user.pinyin, asked.words),
        team_id=places[0].team_id,
        team_names=tuple(place.team.name for place in places),
        managed_team_id=next((place.team_id for place in places if may_manage(actor, place.team_id)), None),
    )


# --- procedures -----------------------------------------------------------------------------------


def templates_found(actor: Actor, asked: Asked) -> Group[TemplateHit]:
    """The procedures that were found, the teams' own first."""
    newest = SopVersion.objects.filter(template=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = SopTemplate.objects.filter(visible_templates(actor)).select_related("team").annotate(newest=Subquery(newest))
    return _best(
        rows.exclude(newest=None).order_by("key"),
        asked,
        lambda row: Named(row.name, row.pinyin, code=row.key, beside=(row.name_en, row.purpose, row.purpose_en)),
        lambda row: _template_hit(row, asked),
        lambda row: row.team_id is None,
    )


def _template_hit(row: Any, asked: Asked) -> TemplateHit:
    name = in_language(row.name, row.name_en)
    return TemplateHit(
        id=row.pk,
        version_id=row.newest,
        name=name,
        purpose=in_language(row.purpose, row.purpose_en),
        pieces=pieces(name, row.pinyin if name == row.name else "", asked.words),
        team_name=row.team.name if row.team else "",
    )
