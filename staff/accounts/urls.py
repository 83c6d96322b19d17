"""Routes of getting in and of one's own account: pages, and the same under /api/."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from staff.accounts import api
from staff.accounts.rules import Purpose
from staff.accounts.views import doors, links, own, team

urlpatterns = [
    path("setup/", doors.setup, name="setup"),
    path("login/", doors.Login.as_view(), name="login"),
    path("login/code/", doors.login_code, name="login_code"),
    path("logout/", LogoutView.as_view(next_page="staff:login"), name="logout"),
    path("forgot/", links.forgot, name="forgot"),
    path("reset/", links.reset, name="reset"),
    path("reset/<slug:secret>/", links.open_link, {"purpose": Purpose.RESET}, name="reset_link"),
    path("invite/", links.invite, name="invite"),
    path("invite/<slug:secret>/", links.open_link, {"purpose": Purpose.INVITE}, name="invite_link"),
    path("account/", own.account, name="account"),
    path("account/name/", own.name, name="own_name"),
    path("account/language/", doors.language, name="language"),
    path("account/theme/", doors.theme, name="theme"),
    path("account/address/", own.address, name="own_address"),
    path("account/confirm/", links.confirm, name="confirm_address"),
    path("account/confirm/<slug:secret>/", links.open_link, {"purpose": Purpose.ADDRESS}, name="address_link"),
    path("account/password/", own.password, name="password"),
    path("account/factor/", own.second_step, name="factor"),
    path("account/factor/confirm/", own.confirm_second_step, name="confirm_factor"),
    path("account/factor/remove/", own.remove_second_step, name="remove_factor"),
    path("account/everywhere/", own.everywhere, name="log_out_everywhere"),
    path("people/<int:team_id>/access/", team.access, name="access"),
    path("people/<int:team_id>/access/invite/", team.invite_person, name="invite_person"),
    path("people/<int:team_id>/access/<int:invitation_id>/reissue/", team.reissue, name="reissue_invitation"),
    path("people/<int:team_id>/access/<int:invitation_id>/revoke/", team.revoke, name="revoke_invitation"),
    path("people/<int:team_id>/<int:user_id>/reset-link/", team.reset_link, name="make_reset_link"),
    path("people/<int:team_id>/<int:user_id>/unlock/", team.unlock, name="unlock_person"),
    path("people/<int:team_id>/<int:user_id>/factor/", team.take_factor, name="take_factor_away"),
]

TEAM, PERSON = "teams/<int:team_id>/invitations/", "teams/<int:team_id>/people/<int:user_id>/"
api_urlpatterns = [
    path("account/", api.AccountView.as_view(), name="account"),
    path("account/name/", api.NameView.as_view(), name="own_name"),
    path("account/address/", api.AddressView.as_view(), name="own_address"),
    path("account/password/", api.PasswordView.as_view(), name="password"),
    path("account/log-out-everywhere/", api.EverywhereView.as_view(), name="log_out_everywhere"),
    path("account/second-step/", api.FactorView.as_view(), name="factor"),
    path("account/second-step/confirm/", api.ConfirmFactorView.as_view(), name="confirm_factor"),
    path("account/second-step/remove/", api.RemoveFactorView.as_view(), name="remove_factor"),
    path(TEAM, api.InvitationsView.as_view(), name="invitations"),
    path(f"{TEAM}<int:invitation_id>/reissue/", api.ReissueView.as_view(), name="reissue_invitation"),
    path(f"{TEAM}<int:invitation_id>/revoke/", api.RevokeInvitationView.as_view(), name="revoke_invitation"),
    path(f"{PERSON}unlock/", api.UnlockView.as_view(), name="unlock_person"),
    path(f"{PERSON}reset-link/", api.ResetLinkView.as_view(), name="make_reset_link"),
    path(f"{PERSON}second-step/remove/", api.TakeFactorView.as_view(), name="take_factor_away"),
]
