"""After a restore no mail of the backup goes out; its links stay what they were, and new ones can be had."""

from datetime import timedelta

import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from staff.accounts.actions.invitations import invite_person
from staff.accounts.actions.sending import hold_mails
from staff.accounts.models import Invitation, Link, ResetRequest
from staff.people.rules import Level
from tests.cast import Cast
from tests.factories import NOW
from tests.staff.accounts.conftest import signed_in, swept

LATER = NOW + timedelta(hours=5)


def invite(cast: Cast) -> str:
    return invite_person(
        actor=cast.actor("manager"), team_id=cast.team.pk, address="new@example.test", level=Level.MEMBER, now=NOW
    ).secret


def test_an_invitation_that_waited_is_not_mailed_and_a_manager_makes_a_new_link(cast: Cast) -> None:
    secret = invite(cast)
    assert hold_mails(now=LATER) == 1
    with time_machine.travel(LATER, tick=False):
        assert swept() == []
        manager = signed_in(cast.manager)
        page = manager.get(reverse("staff:access", args=[cast.team.pk])).content.decode()
        assert "邮件没有发出" in page
        # The link itself is what it was: whoever was handed it can still come.
        assert "青禾旗舰店" in Client().get(reverse("staff:invite_link", args=[secret]), follow=True).content.decode()
        again = reverse("staff:reissue_invitation", args=[cast.team.pk, Invitation.objects.get().pk])
        assert "邮件没有发出" not in manager.post(again).content.decode()
        (message,) = swept()
    assert message.to == ["new@example.test"]
    assert sorted(Link.objects.values_list("mail_state", flat=True)) == ["held", "sent"]


def test_a_forgotten_password_is_asked_for_anew(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        Client().post(reverse("staff:forgot"), {"asked": "xiaomei"})
    assert ResetRequest.objects.count() == 1
    hold_mails(now=LATER)
    with time_machine.travel(LATER, tick=False):
        assert swept() == []
        Client().post(reverse("staff:forgot"), {"asked": "xiaomei"})
        assert len(swept()) == 1


def test_a_mail_that_was_being_sent_is_held_and_one_that_went_out_is_not(cast: Cast) -> None:
    invite(cast)
    Link.objects.update(mail_state="claimed", lease_token="x", attempts=1)
    hold_mails(now=LATER)
    assert Link.objects.values_list("mail_state", "lease_token").get() == ("held", "")
    Link.objects.update(mail_state="sent")
    assert hold_mails(now=LATER) == 0
    assert mail.outbox == []
