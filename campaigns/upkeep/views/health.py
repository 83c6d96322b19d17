"""`/healthz`: for monitors, without a log-in or a session."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.upkeep.queries.health import machine_health
from campaigns.upkeep.rules.health import is_well
from staff.runs.rules import Part


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 when a part is gone, silent or behind; the same JSON either way."""
    health = machine_health(timezone.now())
    well = is_well(health)
    body = {
        "status": "ok" if well else "red",
        "database": "ok" if health.database else "gone",
        "broker": "ok" if health.broker else "gone",
        "web_age_seconds": health.ages.get(Part.WEB),
        "worker_age_seconds": health.ages.get(Part.WORKER),
        "beat_age_seconds": health.ages.get(Part.BEAT),
        "sweep_lag_seconds": health.sweep_lag,
    }
    return JsonResponse(body, status=200 if well else 503)
