"""What the address of a board asks for."""

from typing import Any

from django import forms

from campaigns.board.forms.task import FilterForm
from campaigns.board.queries import BoardAsked, Place
from campaigns.board.rules import QUADRANTS, Group, Status

COLUMNS = [*(status.value for status in Status), *QUADRANTS]
SHOWN = r"^[a-z0-9_.:,]+$"


class BoardForm(FilterForm):
    """The board's filters and layout, and which part of it is asked for; what cannot be meant is left out."""

    group = forms.ChoiceField(choices=[(group.value, group.value) for group in Group], required=False)
    cancelled = forms.BooleanField(required=False)
    # What was loaded beyond the first window: "todo:100,doing.design:60".
    shown = forms.RegexField(SHOWN, max_length=4000, required=False)
    # Only the cards of this place behind the cursor.
    column = forms.ChoiceField(choices=[(column, column) for column in COLUMNS], required=False)
    lane = forms.RegexField(r"^[a-z0-9_]{1,20}$", required=False)
    cursor = forms.CharField(max_length=500, required=False)

    def asked(self) -> BoardAsked:
        """Filters and layout."""
        known = BoardAsked.__dataclass_fields__
        return BoardAsked(**{name: value for name, value in self.wanted().items() if name in known})

    def shown_before(self) -> str:
        """What was loaded beyond the first window."""
        found: str = self.wanted().get("shown", "")
        return found

    def behind(self) -> tuple[Place, str] | None:
        """The place and the cursor behind which more is asked for."""
        values: dict[str, Any] = self.wanted()
        if not values.get("column") or not values.get("cursor"):
            return None
        return Place(values["column"], values.get("lane", "")), values["cursor"]
