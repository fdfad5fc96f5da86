"""Settings of the portal, from the environment; the defaults run on one machine for one person.

CITYFORGE_HOME      where the database, the data and the snapshots stand (./portal)
CITYFORGE_SECRET    the secret key; needed outside demo mode
CITYFORGE_HOSTS     host names that are answered, by comma
CITYFORGE_CITY      the city folder (that of the newest run)
CITYFORGE_DEMO      1: made-up city, accounts shown on the sign-in page
DATABASE_URL        postgresql://user:password@host:port/name?sslmode=require, or ?host=/socket
                    (what follows ? is for libpq); SQLite in CITYFORGE_HOME without
CITYFORGE_URL        where people reach the portal, for links in messages (the first host name)
CITYFORGE_SMTP_URL   smtps://user:password@host:465, or smtp://…:587 with STARTTLS (notices.smtp);
                     no e-mail without
CITYFORGE_SMTP_FROM  the sender of e-mail (noreply@ the host name)
CITYFORGE_SMS        dotted path of an SMS connector (notices.posting); demo mode writes them down

Sign-on by OpenID Connect, off without an issuer:

CITYFORGE_OIDC_ISSUER         the provider's issuer, to the letter: https://…
CITYFORGE_OIDC_CLIENT_ID      what the provider calls the portal
CITYFORGE_OIDC_CLIENT_SECRET  and the secret it gave
CITYFORGE_OIDC_NAME           what the button calls the provider, in Chinese (统一身份认证)
CITYFORGE_OIDC_NAME_EN        and in English (the unified sign-on)
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

HOME = Path(os.environ.get("CITYFORGE_HOME", "portal")).resolve()
DEMO = os.environ.get("CITYFORGE_DEMO") == "1"
DEBUG = False


def _secret() -> str:
    given = os.environ.get("CITYFORGE_SECRET", "")
    if not given and not DEMO:
        how = "openssl rand -base64 48"
        raise ImproperlyConfigured(f"CITYFORGE_SECRET: 须设置密钥 · set a secret key ({how})")
    return given or "demo-mode-has-no-secrets-and-no-real-data"


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "portal.sqlite3",
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured("DATABASE_URL: postgresql://…")
    more = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": more.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": more,
    }


def _sign_on(*, is_secure: bool) -> dict[str, str] | None:
    """How to reach the provider; None where people sign in by password alone."""
    told = {
        name: os.environ.get(f"CITYFORGE_OIDC_{name.upper()}", "").strip()
        for name in ("issuer", "client_id", "client_secret", "name", "name_en")
    }
    if not told["issuer"]:
        return None
    if not (told["client_id"] and told["client_secret"]):
        raise ImproperlyConfigured(
            "CITYFORGE_OIDC_CLIENT_ID, CITYFORGE_OIDC_CLIENT_SECRET: 须与签发者一起设置 · "
            "set them with the issuer"
        )
    if is_secure and not told["issuer"].startswith("https://"):
        raise ImproperlyConfigured("CITYFORGE_OIDC_ISSUER: https://…")
    told["name"] = told["name"] or "统一身份认证"
    told["name_en"] = told["name_en"] or "the unified sign-on"
    return told


SECRET_KEY = _secret()
ALLOWED_HOSTS = os.environ.get("CITYFORGE_HOSTS", "127.0.0.1,localhost").split(",")
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
    "allauth.account",  # asked for by the next one; its tables stay empty
    "allauth.socialaccount",  # speaks OpenID Connect for accounts.oidc
    "cityforge.portal.shell",
    "cityforge.portal.audit",
    "cityforge.portal.accounts",
    "cityforge.portal.notices",
    "cityforge.portal.enterprises",
    "cityforge.portal.dossier",
    "cityforge.portal.imports",
    "cityforge.portal.policies",
    "cityforge.portal.campaigns",
    "cityforge.portal.evaluations",
    "cityforge.portal.corrections",
    "cityforge.portal.runs",
    "cityforge.portal.system",
    "cityforge.portal.desk",
    "cityforge.portal.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cityforge.portal.shell.middleware.policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cityforge.portal.api.middleware.Door",
    "cityforge.portal.shell.middleware.language",
    "cityforge.portal.accounts.middleware.Guard",
]
ROOT_URLCONF = "cityforge.portal.urls"
WSGI_APPLICATION = "cityforge.portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "cityforge.portal.nav.context",
            ],
            "builtins": ["cityforge.portal.shell.templatetags.words"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cityforge.portal.accounts.backends.PasswordBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "desk:home"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SIGN_IN_TRIES = 5
SIGN_IN_PAUSE_SECONDS = 15 * 60
SOCIALACCOUNT_ADAPTER = "cityforge.portal.accounts.oidc.Adapter"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# Fonts of ten megabytes would take half a minute to press, and are fetched by few.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("ttf", "png", "jpg", "webp", "gz", "br", "woff2")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

IS_SECURE = os.environ.get("CITYFORGE_HTTPS", "0" if DEMO else "1") == "1"
SIGN_ON = _sign_on(is_secure=IS_SECURE)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SNAPSHOTS = HOME / "runs"
# Where bureaus' deliveries stand, for the next run to read; uploads and what checks wrote of them.
DATA = HOME / "data"
FILES = HOME / "files"
CITY = Path(os.environ["CITYFORGE_CITY"]).resolve() if os.environ.get("CITYFORGE_CITY") else None
DELIVERY_MOST_BYTES = 200 * 2**20
STALLED_SECONDS = 120

BASE_URL = os.environ.get(
    "CITYFORGE_URL", f"{'https' if IS_SECURE else 'http'}://{ALLOWED_HOSTS[0]}"
).rstrip("/")
SMTP_URL = os.environ.get("CITYFORGE_SMTP_URL", "")
SMTP_FROM = os.environ.get("CITYFORGE_SMTP_FROM", f"noreply@{ALLOWED_HOSTS[0]}")
# Channel -> what carries it (notices.posting.Connector); "": the city has none.
CONNECTORS = {
    "email": "cityforge.portal.notices.smtp.Smtp" if SMTP_URL else "",
    "sms": os.environ.get("CITYFORGE_SMS", "cityforge.portal.notices.sms.Recorded" if DEMO else ""),
}
# At most so many messages to an enterprise on a channel, in so many days.
NOTICES_MOST = {"inbox": (10, 7), "email": (4, 30), "sms": (2, 30)}
NOTICES_QUIET_HOURS = (21, 8)  # no e-mail and no SMS from the first to the second
NOTICES_RETRY_SECONDS = (60, 300, 1800, 7200)  # then it is given up
# Requests to the API in a minute: of one token; of one address without a token.
API_PER_MINUTE = {"token": 300, "address": 60}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
