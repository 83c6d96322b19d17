"""The reason for archiving."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.campaign.rules import REASON_LENGTH


class ArchiveForm(forms.Form):
    """Why a campaign goes into the archive or comes back; it need not be said."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, required=False)
