"""The web server's door."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from planner.core.pinyin import search_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
application = get_wsgi_application()
# Views are loaded before the server forks: its workers share that memory, and the first visitor does not wait for it.
get_resolver().url_patterns  # noqa: B018
# The dictionary of pinyin, too: it is the largest thing of all, and each worker would read its own at its first title.
search_words("预热", 20)
gc.freeze()
