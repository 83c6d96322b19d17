"""Every part in every state on one page; only where the product is worked on."""

from django.forms import CharField, ChoiceField, Form, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

TONES = ("", "info", "done", "risk", "late")
COLOURS = (
    "bg",
    "surface",
    "raised",
    "sunken",
    "hover",
    "line",
    "line-strong",
    "text",
    "muted",
    "accent",
    "accent-soft",
    "late",
    "late-soft",
    "risk",
    "risk-soft",
    "done",
    "done-soft",
)


class SampleForm(Form):
    """Fields as they look empty, filled and refused."""

    name = CharField(label=gettext_lazy("Name"), help_text="618 大促")
    role = ChoiceField(label=gettext_lazy("Role"), choices=[("", "—"), ("design", gettext_lazy("Design"))])
    text = CharField(label=gettext_lazy("Text"), required=False, widget=Textarea({"rows": 2}))


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """The parts, each in every state."""
    context = {"tones": TONES, "colours": COLOURS, "form": SampleForm(), "wrong": SampleForm({}), "nav": "styleguide"}
    return render(request, "styleguide.html", context)
