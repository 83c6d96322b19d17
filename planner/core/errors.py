"""The three ways a verb says no: it is not there for you, it is not yours to do, it is not the moment."""

from collections.abc import Mapping
from typing import Any, ClassVar

from planner.core.words import Said, say


class DomainError(Exception):
    """A refusal fit for a user: a stable `code`, one sentence, and the reasons behind it.

    `fields` says which input is at fault and why; `current` and `yours` are the two values of a stale change.
    """

    status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        detail: Said,
        *,
        reasons: tuple[Said, ...] = (),
        fields: Mapping[str, Said] | None = None,
        current: Mapping[str, Any] | None = None,
        yours: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, str(detail), *[str(reason) for reason in reasons])
        self.code = code
        self.detail = detail
        self.reasons = reasons
        self.fields = dict(fields or {})
        self.current = dict(current or {})
        self.yours = dict(yours or {})


class Missing(DomainError):
    """Not there for you: the same answer for what does not exist and for what another team owns."""

    status = 404

    def __init__(self, code: str = "missing", detail: Said | None = None) -> None:
        super().__init__(code, detail or say("There is nothing here, or it is not yours to see."))


class NotAllowed(DomainError):
    """You see it, but this is not yours to do."""

    status = 403

    def __init__(
        self, code: str = "not_allowed", detail: Said | None = None, *, reasons: tuple[Said, ...] = ()
    ) -> None:
        super().__init__(code, detail or say("This is not yours to do: ask a manager of the team."), reasons=reasons)


class Refused(DomainError):
    """Not now, or not like this: the reasons say what stands in the way."""

    status = 409
