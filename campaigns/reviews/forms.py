"""Shapes of what is typed into the review page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.reviews.rules.lessons import NOTES_LENGTH, TEXT_LENGTH, LessonKind


class NotesForm(forms.Form):
    """Free words about the campaign."""

    notes = forms.CharField(label=_("Notes"), required=False, max_length=NOTES_LENGTH, widget=forms.Textarea)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class LessonForm(forms.Form):
    """A lesson."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.value) for kind in LessonKind])
    text = forms.CharField(label=_("Lesson"), max_length=TEXT_LENGTH)
    owner_id = forms.IntegerField(label=_("Owner"))
    due_on = forms.DateField(label=_("By when"))


class EditLessonForm(LessonForm):
    """A lesson that was there, and the version that was seen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
