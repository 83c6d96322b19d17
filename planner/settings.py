"""One settings file for both shapes: embedded (SQLite, own Valkey) and production (PostgreSQL, Redis)."""

import hashlib
import logging
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from planner import __version__, env
from planner.core.swap import put_in_place

VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).resolve()
# Before anything is read: a restore that was killed on its last steps ends here.
put_in_place(DATA_DIR)
PRODUCTION = env.one_of("SHAPE", ("embedded", "production")) == "production"
# Django's pages of errors show paths, settings and SQL to whoever asks: they are never shown, in no shape.
# DEBUG=1 makes the log talkative and shows the parts at /styleguide/, nothing else.
DEBUG = False
TALKATIVE = env.flag("DEBUG")
if PRODUCTION and TALKATIVE:
    raise env.BadSetting("DEBUG is on: production must run without it")

# --- who may ask ------------------------------------------------------------------------------
SECRET_KEY = (
    env.secret("SECRET_KEY", "production needs a long random secret of its own")
    if PRODUCTION
    else env.text("SECRET_KEY") or env.secret_file(DATA_DIR / "secret_key")
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
if PRODUCTION and not all(map(env.names_hosts, ALLOWED_HOSTS or ["*"])):
    raise env.BadSetting("ALLOWED_HOSTS must name the hosts that this installation answers to")
BASE_URL = env.text("BASE_URL", "" if PRODUCTION else f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
if PRODUCTION and not BASE_URL.startswith("https://"):
    raise env.BadSetting("BASE_URL is not set: links in mails need the public address, https://…")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
# The prefix makes browsers refuse a cookie of this name that a neighbouring host or plain HTTP tries to set.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
# For cookies of one page alone, which __Host- does not allow.
PAGE_COOKIE_PREFIX = "__Secure-" if PRODUCTION else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME = (
    f"{COOKIE_PREFIX}{name}" for name in ("sessionid", "csrftoken", "language", "theme")
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# Not Strict: whoever follows a link out of a mail should still be signed in.
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "planner.web.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "planner.web.errors.no_token"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Bodies are held to their route's limit by planner.web.limits; these hold what is inside them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# An order file holds addresses: it stays in memory until they are dropped, so it never touches a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024

# --- what it is made of -----------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "planner.web",
    "staff",
    "campaigns",
]
MIDDLEWARE = [
    "planner.web.middleware.HeadMiddleware",
    "planner.web.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "planner.web.limits.LimitsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A board is 370 KB of markup and 10 KB on the wire. CSRF tokens are masked anew each time: BREACH learns nothing.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "planner.web.middleware.SignedOutMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "planner.web.middleware.ReaderMiddleware",
    "planner.web.limits.TextMiddleware",
    "axes.middleware.AxesMiddleware",
    "planner.web.toasts.ToastsMiddleware",
    "campaigns.changes.views.OfferMiddleware",
    "planner.web.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "planner.urls"
WSGI_APPLICATION = "planner.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "planner.web.templatetags.words",
            ],
        },
    }
]
MESSAGE_STORAGE = "planner.web.toasts.ToastStorage"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Embedded, files are served from where they stand; production collects them once, into the image.
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static"))) if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# What people upload; views hand it out, no address leads here.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "uploads")))
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- who is who -------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
LOGIN_URL = "staff:login"
LOGIN_REDIRECT_URL = "/"
# The gate counts a try before the next backend looks at a password, for the account and never for an address.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "staff.accounts.views.backend.PeopleBackend"]
AXES_HANDLER = "staff.accounts.views.gate.AccountHandler"
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- the API ----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # The token first: its header is what a 401 asks for.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "staff.tokens.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": ["planner.web.api.parsing.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["planner.web.api.parsing.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "planner.web.api.schema.HouseSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "planner.web.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NON_FIELD_ERRORS_KEY": "",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Campaign planner",
    "VERSION": VERSION,
    "SCHEMA_PATH_PREFIX": "/api",
    "SCHEMA_COERCE_PATH_PK": False,
    # Every body says itself what may be left out; a PATCH is no exception.
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["planner.web.api.schema.finish"],
}

# --- words and clocks -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- where rows live --------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def sqlite_journal_mode(version: tuple[int, int, int]) -> str:
    """WAL where SQLite is free of the WAL-reset corruption race (fixed in 3.51.3, 3.50.7, 3.44.6), else DELETE."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return "WAL" if fixed else "DELETE"


SQLITE_JOURNAL = sqlite_journal_mode(sqlite3.sqlite_version_info)


def _database() -> dict[str, Any]:
    url = env.text("DATABASE_URL")
    if url:
        settings = env.postgres(url)
        if PRODUCTION and env.flag("WEB"):
            settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env.number("WEB_THREADS", 4) + 1, "timeout": 5}
        return settings
    if PRODUCTION:
        raise env.BadSetting("DATABASE_URL is not set: production keeps its rows in PostgreSQL")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "planner.sqlite3",
        "OPTIONS": {
            # IMMEDIATE: a transaction that reads and then writes waits its turn instead of failing at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was answered "saved" survives a power cut.
            "init_command": f"PRAGMA journal_mode={SQLITE_JOURNAL}; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
        },
    }


DATABASES = {"default": _database()}

# --- later work -------------------------------------------------------------------------------


def broker_socket(data_dir: Path) -> Path:
    """The embedded broker's socket: in the data folder, or in the temporary folder where that path is too long."""
    path = data_dir / "queue.sock"
    if len(str(path).encode()) <= 100:  # the kernel's limit for a socket's path is 108 bytes
        return path
    return Path(tempfile.gettempdir()) / f"planner-{hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]}.sock"


REDIS_URL = env.text("REDIS_URL")
if PRODUCTION and not REDIS_URL:
    raise env.BadSetting("REDIS_URL is not set: production rings its workers through Redis")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{broker_socket(DATA_DIR)}"
_TRANSPORT = {
    "visibility_timeout": 120,
    "global_keyprefix": "planner:",
    "unacked_restore_interval": 5,
    "socket_timeout": 30,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
CELERY_BROKER_TRANSPORT_OPTIONS = _TRANSPORT
CELERY_REDIS_SOCKET_TIMEOUT = 30.0
CELERY_VISIBILITY_TIMEOUT = 120
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = _TRANSPORT
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 50
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
# A view only rings the bell: with the broker gone it must not keep the user waiting.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULER = "planner.beat:SweepScheduler"
# One form of log line in every process: LOGGING's.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- telling people ---------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "planner@localhost")
# Without a mail server, mails are written to DATA_DIR/mail as files: visible, and nothing leaves the house.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"


def _is_news(record: logging.LogRecord) -> bool:
    """Whoever asks /healthz reads the answer; a red one every second would bury the reason for it."""
    return getattr(getattr(record, "request", None), "path", "") != "/healthz"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "planner.core.logs.OneLine", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"news": {"()": "django.utils.log.CallbackFilter", "callback": _is_news}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["news"]}},
    "root": {"handlers": ["console"], "level": "INFO" if TALKATIVE else "WARNING"},
    "loggers": {
        "planner": {"level": "INFO"},
        "campaigns": {"level": "INFO"},
        "staff": {"level": "INFO"},
        # Refusals (404, 409) are answers, not faults of the machine.
        "django.request": {"level": "ERROR"},
        # It names the address, and the address of a one-time link holds its secret.
        "django.security.csrf": {"level": "ERROR"},
    },
}
