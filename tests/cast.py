"""The people of the suite: one team with each kind of person, and an outsider from another."""

from dataclasses import dataclass

from staff.people.models import Team, User
from staff.people.queries import actor_for
from staff.people.rules import Actor
from tests.factories import TeamFactory, UserFactory, join


@dataclass(frozen=True)
class Cast:
    """陈主管 manages, 小美 designs, 阿敏 answers customers, 老周 only looks on; 外人 belongs to another team."""

    team: Team
    other_team: Team
    manager: User
    designer: User
    cs: User
    viewer: User
    outsider: User

    def actor(self, name: str) -> Actor:
        """The actor behind a member of the cast, by field name."""
        return actor_for(getattr(self, name))


def make_cast() -> Cast:
    """Writes the cast's rows."""
    team, other_team = TeamFactory(name="青禾旗舰店"), TeamFactory(name="别家店")
    manager = UserFactory(login="chen", display_name="陈主管", pinyin="chenzhuguan czg")
    designer = UserFactory(login="xiaomei", display_name="小美", pinyin="xiaomei xm")
    cs = UserFactory(login="amin", display_name="阿敏", pinyin="amin am")
    viewer = UserFactory(login="zhou", display_name="老周", pinyin="laozhou lz")
    outsider = UserFactory(login="wai", display_name="外人", pinyin="wairen wr")
    join(manager, team, "manager", "lead", "ops")
    join(designer, team, "member", "design")
    join(cs, team, "member", "cs")
    join(viewer, team, "viewer")
    join(outsider, other_team, "manager", "lead", "ops")
    return Cast(team, other_team, manager, designer, cs, viewer, outsider)
