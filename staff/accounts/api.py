"""One's own account, a team's invitations and help for its members, over the API.

What changes how the caller or a member gets in takes the caller's password again, in the body, as on the pages.
Invitations take a session: a token's would still open the team when the token is revoked.
Answers with a secret in them are not kept.
"""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from rest_framework import serializers
from rest_framework.request import Request

from planner.web.api import ApiView, Choice, Hours, Id, In, Moment, Out, Page, Text, cut, operation
from planner.web.bell import ring
from staff.accounts.actions import factor, guard, invitations, own, resets
from staff.accounts.adapters.addresses import link_address
from staff.accounts.adapters.codes import key_text
from staff.accounts.adapters.secrets import factor_key
from staff.accounts.jobs import sweep_accounts
from staff.accounts.queries import AccountScreen, account_screen, factor_nonce, pending_invitations
from staff.accounts.rules import MailState, Purpose
from staff.people.actions import set_own_name
from staff.people.queries import actor_for
from staff.people.rules import NAME_LENGTH, Level, Role


class AccountOut(Out):
    """The caller's own account."""

    login = serializers.CharField(help_text="The log-in name.")
    name = serializers.CharField(help_text="The name that colleagues see.")
    language = serializers.CharField(help_text="`zh-hans` or `en`: how pages and messages speak to the caller.")
    email = serializers.CharField(allow_blank=True, help_text="The e-mail address; empty when there is none.")
    email_verified = serializers.BooleanField(
        help_text="True when a link mailed to that address was used; one that was handed over shows nothing."
    )
    phone = serializers.CharField(allow_blank=True, help_text="The phone number; empty when there is none.")
    waiting_for = serializers.CharField(
        allow_blank=True, help_text="An address that becomes the e-mail when its mailed link is used; else empty."
    )
    has_factor = serializers.BooleanField(help_text="True when log-in asks for a code after the password.")
    recovery_left = serializers.IntegerField(help_text="How many recovery codes were not used yet.")


class NameIn(In):
    """A new name."""

    name = Text(max_length=NAME_LENGTH, help_text="The name that colleagues see, 1 to 60 characters on one line.")


class PasswordIn(In):
    """The caller's own password, asked for again."""

    password = Text(max_length=512, trim_whitespace=False, help_text="The caller's own password.")


class AddressIn(PasswordIn):
    """Where the caller can be reached."""

    email = Text(max_length=254, allow_blank=True, help_text="An e-mail address; empty for none.")
    phone = Text(max_length=40, allow_blank=True, help_text="A phone number of 5 to 19 digits; empty for none.")


class NewPasswordIn(In):
    """The old password and the new one."""

    old = Text(max_length=512, trim_whitespace=False, help_text="The password that holds now.")
    new = Text(max_length=512, trim_whitespace=False, help_text="The new one: 8 characters or more, no common word.")


class CodeIn(In):
    """A code of the app."""

    code = Text(max_length=40, help_text="The six digits that the app shows now.")


class RemoveFactorIn(PasswordIn):
    """The password and a code."""

    code = Text(max_length=40, help_text="The six digits that the app shows now, or a recovery code.")


class KeyOut(Out):
    """The key of a second step that waits for its first code."""

    key = serializers.CharField(help_text="The key in base32, in groups of four, for an authenticator app.")


class RecoveryOut(Out):
    """Codes for the day the phone is lost."""

    codes = serializers.ListField(
        child=serializers.CharField(help_text="One code; it opens the account once."),
        help_text="Ten recovery codes, given this once.",
    )


class AccountView(ApiView):
    """The caller's own account."""

    @operation("get_account", gives=AccountOut)
    def get(self, request: Request) -> AccountScreen:
        """The caller's own account."""
        return account_screen(actor_for(request.user), timezone.now())


class NameView(ApiView):
    """The caller's name."""

    @operation("set_own_name", takes=NameIn, gives=AccountOut)
    def post(self, request: Request, *, values: dict[str, Any]) -> AccountScreen:
        """Sets the name that colleagues see."""
        actor, now = actor_for(request.user), timezone.now()
        set_own_name(actor=actor, now=now, **values)
        return account_screen(actor, now)


class Sensitive(ApiView):
    """What takes a password or gives a secret: kept for no retry."""

    keeps_answers = False


class AddressView(Sensitive):
    """The caller's address."""

    @sensitive_variables("values")
    @operation("change_own_address", takes=AddressIn, gives=AccountOut)
    def post(self, request: Request, *, values: dict[str, Any]) -> AccountScreen:
        """Sets the phone number at once; a new e-mail address holds when the link mailed to it is used."""
        actor, now = actor_for(request.user), timezone.now()
        own.change_own_address(actor=actor, now=now, **values)
        ring(sweep_accounts)
        return account_screen(actor, now)


class PasswordView(Sensitive):
    """The caller's password."""

    @sensitive_variables("values")
    @operation("change_own_password", takes=NewPasswordIn)
    def post(self, request: Request, *, values: dict[str, Any]) -> None:
        """Sets a new password; every session and token ends, the one that asks too."""
        own.change_own_password(actor=actor_for(request.user), now=timezone.now(), **values)


class EverywhereView(Sensitive):
    """The caller's sessions and tokens."""

    @operation("log_out_everywhere")
    def post(self, request: Request) -> None:
        """Ends every session and token of the caller, the one that asks too."""
        own.log_out_everywhere(actor=actor_for(request.user), now=timezone.now())


class FactorView(Sensitive):
    """The beginning of a second step."""

    @sensitive_variables("values")
    @operation("start_factor", takes=PasswordIn, gives=KeyOut)
    def post(self, request: Request, *, values: dict[str, Any]) -> dict[str, str]:
        """Makes a key; log-in asks for codes once the first one has confirmed it, within 30 minutes."""
        actor, now = actor_for(request.user), timezone.now()
        factor.start_factor(actor=actor, now=now, **values)
        return {"key": key_text(factor_key(factor_nonce(actor, now)))}


class ConfirmFactorView(Sensitive):
    """The first code of a second step."""

    @sensitive_variables("values")
    @operation("confirm_factor", takes=CodeIn, gives=RecoveryOut)
    def post(self, request: Request, *, values: dict[str, Any]) -> dict[str, Any]:
        """From now on log-in asks for a code; every session and token ends. Gives the recovery codes, once."""
        return {"codes": factor.confirm_factor(actor=actor_for(request.user), now=timezone.now(), **values)}


class RemoveFactorView(Sensitive):
    """The end of a second step."""

    @sensitive_variables("values")
    @operation("remove_factor", takes=RemoveFactorIn)
    def post(self, request: Request, *, values: dict[str, Any]) -> None:
        """Log-in asks for the password alone again; every session and token ends."""
        factor.remove_factor(actor=actor_for(request.user), now=timezone.now(), **values)


class InvitationOut(Out):
    """A place that is held for somebody."""

    id = Id(help_text="The invitation's id.")
    address = serializers.CharField(help_text="The e-mail address or phone number that it is bound to.")
    level = Choice(Level, help_text="What the person will be allowed to do.")
    roles = serializers.ListField(
        child=Choice(Role, help_text="A functional role's code."), help_text="What the person will do."
    )
    sender = serializers.CharField(help_text="Who invited.")
    expires_at = Moment(help_text="Until when its link works.")
    is_open = serializers.BooleanField(help_text="False when the link is too old; a new one can be made.")
    mail_state = Choice(
        MailState,
        help_text=(
            "Where its mail stands; `none` for a link that is handed over, `held` for a mail that was not sent because"
            " the data was restored from a backup: reissue the invitation."
        ),
    )


class InvitationIn(In):
    """For whom a place is held, and which."""

    address = Text(max_length=254, help_text="An e-mail address, or a phone number of 5 to 19 digits.")
    level = Choice(Level, help_text="What the person will be allowed to do.")
    roles = serializers.ListField(
        child=Choice(Role, help_text="A functional role's code."),
        required=False,
        default=list,
        max_length=len(Role),
        help_text="What the person will do; may be left out.",
    )
    capacity_hours = Hours(
        max_digits=4, min_value=0, max_value=24, required=False, default=6, help_text="Hours a day; 6 if left out."
    )


class HandedOut(Out):
    """A one-time link, given this once."""

    id = Id(help_text="The invitation's id.")
    address = serializers.CharField(help_text="Who alone can accept: this e-mail address or phone number.")
    link = serializers.CharField(help_text="The link; it works once and is kept nowhere.")
    by_mail = serializers.BooleanField(help_text="True when it is mailed to the address as well.")
    expires_at = Moment(help_text="Until when it works.")


class LinkOut(Out):
    """A one-time link, given this once."""

    link = serializers.CharField(help_text="The link, for one hour; it works once and is kept nowhere.")


def _handed(made: invitations.Handed) -> dict[str, Any]:
    ring(sweep_accounts)
    return asdict(made) | {"link": link_address(Purpose.INVITE, made.secret)}


class InvitationsView(Sensitive):
    """A team's invitations."""

    @operation("list_invitations", gives=InvitationOut, pages=True)
    def get(self, request: Request, *, team_id: int, query: dict[str, Any]) -> Page:
        """Invitations that nobody has accepted yet, newest first; for managers. Those taken back are not there."""
        return cut(pending_invitations(actor_for(request.user), team_id, timezone.now()), query)

    @sensitive_variables("made")
    @operation("invite_person", takes=InvitationIn, gives=HandedOut, status=201, only_sessions=True)
    def post(self, request: Request, *, team_id: int, values: dict[str, Any]) -> dict[str, Any]:
        """Holds a place for 72 hours; at most 20 a day by one person, 3 to one address, 50 in one team."""
        actor, now = actor_for(request.user), timezone.now()
        return _handed(invitations.invite_person(actor=actor, team_id=team_id, now=now, **values))


class ReissueView(Sensitive):
    """A fresh link for an invitation."""

    @operation("reissue_invitation", gives=HandedOut, only_sessions=True)
    def post(self, request: Request, *, team_id: int, invitation_id: int) -> dict[str, Any]:
        """Makes a fresh link for the same place; the old one stops working."""
        actor, now = actor_for(request.user), timezone.now()
        made = invitations.reissue_invitation(actor=actor, team_id=team_id, invitation_id=invitation_id, now=now)
        return _handed(made)


class RevokeInvitationView(ApiView):
    """The end of an invitation."""

    @operation("revoke_invitation")
    def post(self, request: Request, *, team_id: int, invitation_id: int) -> None:
        """Takes the place back; the link stops working."""
        actor, now = actor_for(request.user), timezone.now()
        invitations.revoke_invitation(actor=actor, team_id=team_id, invitation_id=invitation_id, now=now)


class UnlockView(ApiView):
    """The end of a lock-out."""

    @operation("unlock_person")
    def post(self, request: Request, *, team_id: int, user_id: int) -> None:
        """Lets a member try to log in again at once."""
        guard.unlock_person(actor=actor_for(request.user), team_id=team_id, user_id=user_id, now=timezone.now())


class ResetLinkView(Sensitive):
    """A link for a member who has no e-mail address."""

    @sensitive_variables("values", "secret")
    @operation("make_reset_link", takes=PasswordIn, gives=LinkOut, status=201)
    def post(self, request: Request, *, team_id: int, user_id: int, values: dict[str, Any]) -> dict[str, str]:
        """A link with which the member sets a new password; for managers of every team of that member."""
        actor, now = actor_for(request.user), timezone.now()
        secret = resets.make_reset_link(actor=actor, team_id=team_id, user_id=user_id, now=now, **values)
        return {"link": link_address(Purpose.RESET, secret)}


class TakeFactorView(Sensitive):
    """The second step of a member whose phone is lost."""

    @sensitive_variables("values")
    @operation("take_factor_away", takes=PasswordIn)
    def post(self, request: Request, *, team_id: int, user_id: int, values: dict[str, Any]) -> None:
        """Removes the member's second step and ends their sessions; for managers of every team of that member."""
        actor, now = actor_for(request.user), timezone.now()
        factor.take_factor_away(actor=actor, team_id=team_id, user_id=user_id, now=now, **values)
