"""What is installed is locked by hash, comes from nowhere in particular, and is new enough to be safe."""

import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.harness import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
# The first release without the faults that concern us. Raised when an advisory says so, never lowered.
SAFE = {
    "django": ("5.2.19", "cached pages and sessions, Vary, multipart memory, keys that reach SQL"),
    "djangorestframework": ("3.18.3", "the line that 5.2 is tested with; 3.15.2 ended script in the browsable API"),
    "gunicorn": ("27.0.0", "request smuggling by Transfer-Encoding (before 23) and unread bodies on kept connections"),
    "celery": ("5.7.0", "the line with kombu 5.7; before 5.2.2 results could run commands"),
    "kombu": ("5.7.0", "messages that redis lost while a connection was restored"),
    "redis": ("6.4.0", "connections that answered another caller (before 4.5.4)"),
    "psycopg": ("3.3.9", "the line that is tested"),
    "whitenoise": ("6.12.0", "files outside the folder by links"),
    "django-axes": ("8.3.1", "a lock-out that a changing header evades"),
    "django-otp": ("1.7.5", "codes that could be used twice"),
    "argon2-cffi": ("25.1.0", "the line that is tested"),
    "pyyaml": ("6.0.1", "full_load ran code (before 5.4)"),
    "sqlparse": ("0.5.4", "endless recursion (before 0.5.0), long lists that take for ever (before 0.5.4)"),
    "jinja2": ("3.1.6", "three ways out of the sandbox"),
    "urllib3": ("2.6.3", "unbounded decompression, credentials kept on redirects"),
    "requests": ("2.32.4", "credentials from .netrc for another host"),
    "certifi": ("2024.7.4", "a root that nobody trusts any more"),
    "idna": ("3.7", "names that take for ever"),
    "cryptography": ("44.0.1", "OpenSSL in its wheels"),
    "werkzeug": ("3.1.4", "device names on Windows, unbounded forms"),
    "starlette": ("0.49.1", "ranges that take for ever, unbounded forms"),
    "pydantic": ("2.4.0", "an e-mail pattern that takes for ever"),
    "setuptools": ("78.1.1", "files outside the folder"),
    "tornado": ("6.5.2", "forms that fill the log, headers with control characters"),
    "h11": ("0.16.0", "smuggling by chunk ends"),
    "zipp": ("3.19.1", "an endless loop over a zip"),
    "pillow": ("12.1.1", "images that write out of bounds"),
    "lxml": ("6.0.0", "the libxml2 in its wheels"),
    "markdown-it-py": ("3.0.0", "input that ends the program (before 2.2)"),
    "nh3": ("0.3.0", "ammonia's svg and math"),
}
# Ours, and said in pyproject.toml: the table must know them.
WATCHED = {"django", "djangorestframework", "gunicorn", "celery", "redis", "psycopg", "django-axes", "django-otp"}


def entries(lock: str) -> dict[str, tuple[str, list[str], str]]:
    """Name → version, hashes, whole entry."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text())
    found = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;]+)", line)
        assert match, f"{lock}: {line[:80]} is not pinned to one version"
        name = canonicalize_name(match[1])
        assert name not in found or "python" in line, f"{lock}: {name} twice"
        found[name] = (match[2], re.findall(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)", line), line)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_has_its_hashes_and_no_address(lock: str) -> None:
    for name, (_version, hashes, line) in entries(lock).items():
        assert hashes, name
        assert len(set(hashes)) == len(hashes) == line.count("--hash="), name
    text = (ROOT / lock).read_text()
    assert not re.findall(r"https?:|git\+|file:|@ |--(?:extra-)?index-url|--find-links|--trusted-host|^-e|^\./", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_locked_is_safe(lock: str) -> None:
    old = {
        name: f"{pinned} < {SAFE[name][0]}: {SAFE[name][1]}"
        for name, (pinned, _hashes, _line) in entries(lock).items()
        if name in SAFE and Version(pinned) < Version(SAFE[name][0])
    }
    assert old == {}


def test_the_table_knows_what_matters_and_both_locks_agree() -> None:
    run, dev = (entries(lock) for lock in LOCKS)
    assert set(SAFE) >= WATCHED
    assert set(run) >= WATCHED
    assert {name: run[name][0] for name in run} == {name: dev[name][0] for name in run}


def test_what_runs_here_is_what_is_locked() -> None:
    locked = entries("requirements-dev.txt")
    assert {name: version(name) for name in WATCHED} == {name: locked[name][0] for name in WATCHED}


def test_what_is_wanted_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", [*project["dependencies"], *project["optional-dependencies"]["dev"]]),
    ):
        locked = entries(lock)
        for line in wanted:
            requirement = Requirement(line)
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)][0]), line
