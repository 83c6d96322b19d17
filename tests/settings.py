"""The product's settings, in a throw-away data folder, with cheap password hashes."""

import os
import tempfile

# Lets a test name a place where its own process is to die (planner.core.crash).
os.environ["PLANNER_TESTS"] = "1"
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="planner-test-")
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-abcdefghij-klmnopqrst")

from planner import messages
from planner.settings import *  # noqa: F403

# A fresh checkout has no compiled catalogue: sentences would be English in one run and Chinese in the next.
messages.compile_stale()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
