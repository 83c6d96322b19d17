"""Links, invitations and accounts: facts for rules, the mails of links, and what readers may see."""

from staff.accounts.queries.facts import (
    SignInFacts,
    active_user,
    any_team,
    find_accounts,
    fits_invitation,
    has_factor,
    has_verified_account,
    is_in_team,
    is_verified,
    login_in_team,
    pending_user,
    sign_in_facts,
    team_ids_of,
)
from staff.accounts.queries.mail import Letterhead, due_links, letterhead
from staff.accounts.queries.screens import (
    AccountScreen,
    access_screen,
    account_screen,
    check_link,
    factor_nonce,
    invitation_screen,
    pending_invitations,
)

__all__ = [
    "AccountScreen",
    "Letterhead",
    "SignInFacts",
    "access_screen",
    "account_screen",
    "active_user",
    "any_team",
    "check_link",
    "due_links",
    "factor_nonce",
    "find_accounts",
    "fits_invitation",
    "has_factor",
    "has_verified_account",
    "invitation_screen",
    "is_in_team",
    "is_verified",
    "letterhead",
    "login_in_team",
    "pending_invitations",
    "pending_user",
    "sign_in_facts",
    "team_ids_of",
]
