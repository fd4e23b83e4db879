"""All settings, one file. What differs between machines comes from the environment; the defaults
are for one machine.

- MINGCHA_VAR: where data lives (./var)
- MINGCHA_SECRET_KEY: the signing key, and after blanks those before it; without it one is made at
  first use and kept in MINGCHA_VAR, readable by its owner
- MINGCHA_CONTACT_KEYS: keys that seal contact details, separated by commas; kept as above without
- MINGCHA_DIGEST_KEY: the key of hashes by which equal telephones and networks are found; kept as
  above without
- DATABASE_URL: postgres://user:password@host/name in place of the embedded SQLite
- MINGCHA_STORAGE: where stored files lie, in place of MINGCHA_VAR/files: a Django storage as JSON,
  {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": …, "endpoint_url": …}}
  for anything that speaks S3 (that class comes with django-storages[s3]; set "file_overwrite":
  true and a private "default_acl"). It must keep what it confirmed, and give files no public
  address
- MINGCHA_ADDRESS: the address by which people reach the site, https://survey.example.cn: on posters
  and in links; with https cookies travel over it alone
- MINGCHA_HOSTS: further host names to answer to, separated by commas (localhost,127.0.0.1)
- MINGCHA_PROXIES: how many proxies of ours stand before the site and add X-Forwarded-For (0)
- MINGCHA_API_RATE: requests that a token may make (600/min); each process counts for itself
- MINGCHA_API_NETWORK_RATE: requests without a good token from one network (60/min)
- MINGCHA_SECOND_FACTOR_ROLES: roles that need a second factor to sign in, separated by commas, such
  as publisher,administrator,legal,verifier; superusers count as administrators (none)
- MINGCHA_TIMESTAMP_URL: the address of a time stamp service (RFC 3161) that stamps the hash of
  every day; without it no day is stamped
- MINGCHA_TIMESTAMP_ROOT: a file with the certificates (PEM) that its stamps are checked against
- MINGCHA_BACKUP: a folder, on another disk, into which serve takes a backup every day (none)
- MINGCHA_METRICS_TOKEN: who shows it reads /metrics, Prometheus' bearer token (none: nobody)
- MINGCHA_DEBUG: 1 for pages that show errors in full; never on a public machine
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.accounts.second_factor import choice as second_factor
from config.address import read
from config.storage.choice import chosen
from config.storage.secret import signing_keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("MINGCHA_VAR", BASE_DIR / "var"))
METRICS_TOKEN = os.environ.get("MINGCHA_METRICS_TOKEN", "")
BACKUP = os.environ.get("MINGCHA_BACKUP", "")

# the first signs, all of them open: pages under way outlive a change of the key (./mingcha keys)
SECRET_KEY, *SECRET_KEY_FALLBACKS = os.environ.get(
    "MINGCHA_SECRET_KEY", ""
).split() or signing_keys(VAR)
DEBUG = os.environ.get("MINGCHA_DEBUG") == "1"
PROXIES = int(os.environ.get("MINGCHA_PROXIES", 0))
ALLOWED_HOSTS = os.environ.get("MINGCHA_HOSTS", "localhost,127.0.0.1").split(",")
PUBLIC_ADDRESS, _public_host = read(os.environ.get("MINGCHA_ADDRESS", ""))
if PUBLIC_ADDRESS:
    ALLOWED_HOSTS += [_public_host]
    CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS]
if PUBLIC_ADDRESS.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "surveys.apps.SurveysConfig",
    "inspections.apps.InspectionsConfig",
    "reports.apps.ReportsConfig",
    "config.admin_app.RecordsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "config.log.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.content_security",
    "config.middleware.StaticFiles",
    "config.middleware.CompressedWords",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.LimitedBody",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.console.sign_in.SignInRequired",
    "config.console.not_allowed.explain_method",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "surveys.monitoring.context.demonstration",
            ],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "mingcha.sqlite3",
        # closing the last connection writes the whole log back; an open one keeps that out of the
        # respondents' way
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: an answer that was received survives a power cut; costs 18 % of the rate
            # (measured)
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}

# PostgreSQL where one machine is not enough; connections stay open, opening one costs more than a
# query
if url := os.environ.get("DATABASE_URL"):
    try:
        chosen_one = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError:
        raise ImproperlyConfigured(
            "DATABASE_URL is no address of a database; it takes postgres://user:password@host/name"
        ) from None
    DATABASES = {"default": chosen_one}

AUTH_USER_MODEL = "config.User"
SECOND_FACTOR_ROLES = second_factor.chosen(os.environ.get("MINGCHA_SECOND_FACTOR_ROLES", ""))
AUTHENTICATION_BACKENDS = ["config.accounts.backends.RolesBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# a repeat of fifty instances with its questions, in one of fifty more: each sends a field or two
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
# no collecting step: what the rooms hold in static/ is read once at the start (middleware.py)
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None

STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # photographs, workbooks and other originals; only config/storage/files.py opens it
    "evidence": chosen(os.environ.get("MINGCHA_STORAGE", "")),
}

# a stamp that nobody can check is none: the service is set together with what it is trusted by
TIMESTAMP_URL = os.environ.get("MINGCHA_TIMESTAMP_URL", "")
TIMESTAMP_ROOT = os.environ.get("MINGCHA_TIMESTAMP_ROOT", "")
if TIMESTAMP_URL and not TIMESTAMP_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("MINGCHA_TIMESTAMP_URL is no address: https://tsa.example.cn")
if TIMESTAMP_URL and not TIMESTAMP_ROOT:
    raise ImproperlyConfigured("MINGCHA_TIMESTAMP_URL needs MINGCHA_TIMESTAMP_ROOT")

# work that takes long runs in a second process, from the same database
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# where large data are estimated: on threads of this machine (two were no faster than one on two
# processors, and took 50 MB more for ten million rows), or on the workers of a Dask scheduler
# ("tcp://host:8786")
THREADS = int(os.environ.get("MINGCHA_THREADS", 1))
DASK_SCHEDULER = os.environ.get("MINGCHA_DASK_SCHEDULER")

# what happens is a line of JSON on stderr, where whoever runs the site keeps it (config/log.py)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.log.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "config.request": {"level": "INFO"},
        # 404 and the like are no fault of the site
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # a line for every page that is laid out, which reports/publishing/pdf.py alone listens to
        "weasyprint.progress": {"propagate": False},
        "django.security.DisallowedHost": {"handlers": ["stderr"], "level": "CRITICAL"},
    },
}

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"

# the API (docs/api.md); who asks is found out by token first, by the session for the page of the
# document
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.api.authentication.BearerToken",
        "config.api.authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.permissions.ByTable"],
    "DEFAULT_THROTTLE_CLASSES": [
        "config.api.throttling.PerToken",
        "config.api.throttling.PerNetwork",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "config.api.paging.Pages",
    "DEFAULT_FILTER_BACKENDS": ["config.api.filters.Filters"],
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "config.api.problems.handler",
    "URL_FORMAT_OVERRIDE": None,
}
API_RATES: dict[str, str | None] = {
    "token": os.environ.get("MINGCHA_API_RATE", "600/min"),
    "network": os.environ.get("MINGCHA_API_NETWORK_RATE", "60/min"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mingcha 明察",
    "VERSION": "1",
    "DESCRIPTION": "Surveys, inspections and reports of a consumer association.",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "JobState": "config.work.models.Job.State",
        "SurveyState": "surveys.collection.api.STATES",
        "SiteOutKindEnum": "inspections.campaigns.sites.Site.Kind",
        "StatusEnum": "surveys.collection.models.response.Response.Status",
        "EvidenceKind": "inspections.phone.announced.KIND_CHOICES",
        "CampaignKind": "inspections.campaigns.models.Campaign.Kind",
        "VisitStatus": "inspections.visits.models.Visit.Status",
        "FindingState": "inspections.visits.models.Finding.STATES",
    },
}
