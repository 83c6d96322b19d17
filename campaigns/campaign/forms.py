"""Shape of what the log's address may carry."""

from django import forms


class LogPageForm(forms.Form):
    """Where the older part of the log begins."""

    before = forms.IntegerField(required=False, min_value=1)
