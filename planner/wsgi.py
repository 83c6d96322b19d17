"""The web server's door."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
application = get_wsgi_application()
# Views are loaded before the server forks: its workers share that memory, and the first visitor does not wait for it.
get_resolver().url_patterns  # noqa: B018
gc.freeze()
