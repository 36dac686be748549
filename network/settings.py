"""All settings, read from the environment. README.md lists every variable with its default."""

import tomllib
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from network import caches, databases, headers, logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# The machine

VERSION = env.str("VERSION", default="")
if not VERSION:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    VERSION = project["version"]
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY: a long random text that you keep to yourself.")
    SECRET_KEY = get_random_secret_key()

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

ROOT_URLCONF = "network.urls"
WSGI_APPLICATION = "network.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The rooms, from the roof down: a room imports only from those below it.

INSTALLED_APPS = [
    "network",
    "news",
    "meetings",
    "projects",
    "programme",
    "cities",
    "journal",
    "documents",
    "accounts",
    "modeltranslation",
    "network.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "bootstrap_italia_template",
    "django_countries",
    "django_filters",
    "django_prose_editor",
    "import_export",
    "modelsearch",
    "pictures",
    "post_office",
    "simple_history",
]

# From the outside in. A page from the cache goes no further than there, so it is kept with the
# headers that all below have given it; what comes packed is not packed again.

MIDDLEWARE = [
    "network.logs.RequestLog",
    "django.middleware.gzip.GZipMiddleware",
    "network.page_cache.PageCache",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "network.headers.Headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # What was sent is made clean before anybody reads it; then who sends it, in which language.
    "network.without_nul.WithoutNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.AnonymousWithoutSession",
    "accounts.middleware.LanguageOfTheReader",
    # Whether they may: not too often, logged in, with a second factor.
    "network.limits.Limits",
    "accounts.lost_forms.LoginRequired",
    "accounts.middleware.SecondFactorForCoordinators",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "network.bad_days.FileNotReceived",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network.context.portal",
            ],
            "builtins": ["network.templatetags.signs"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The database: SQLite unless a PostgreSQL is named; and a copy of it, from which public pages are
# read (network.replica).

DATABASES = {
    "default": databases.configured(
        env.db_url_config(env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR}/portal.sqlite3")
    )
}
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = {
        **databases.configured(env.db_url("DATABASE_REPLICA_URL")),
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["network.replica.Router"]

# What may be forgotten, and public pages as visitors get them (off while one develops).

CACHES = {
    "default": caches.configured(env.str("CACHE_URL", default=""), file=DATA_DIR / "cache.sqlite3"),
    "pages": caches.configured(
        env.str("PAGE_CACHE_URL", default="off" if DEBUG else ""), file=DATA_DIR / "pages.sqlite3"
    ),
}

MODELSEARCH_BACKENDS = {"default": {"BACKEND": "cities.search_index"}}
if SEARCH_URL := env.str("SEARCH_URL", default=""):
    MODELSEARCH_BACKENDS["default"] = {
        "BACKEND": "modelsearch.backends.opensearch3",
        "URLS": [SEARCH_URL],
        "INDEX_PREFIX": "portal_",
        "TIMEOUT": 5,
    }

# Files: pictures are public, documents leave only through the door (documents.views).

MEDIA_URL = "/media/"
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=DEBUG)
PRIVATE_DIR = DATA_DIR / "private"
STORAGES = {
    "default": {
        "BACKEND": env.str("MEDIA_STORAGE", default="documents.storage.FilesOnDisk"),
        "OPTIONS": env.json("MEDIA_STORAGE_OPTIONS", default={"location": f"{DATA_DIR}/media"}),
    },
    "private": {
        "BACKEND": env.str("PRIVATE_STORAGE", default="documents.storage.FilesOnDisk"),
        "OPTIONS": env.json("PRIVATE_STORAGE_OPTIONS", default={"location": str(PRIVATE_DIR)}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "documents.storage.Received",
]
PICTURES = {
    "FILE_TYPES": ["AVIF", "WEBP"],
    "GRID_COLUMNS": 3,
    "CONTAINER_WIDTH": 1200,
    "PIXEL_DENSITIES": [1],
    "USE_PLACEHOLDERS": False,
    "PICTURE_CLASS": "documents.pictures.QuickPicture",
    "PROCESSOR": "documents.widths.process",
    "QUEUE_NAME": "default",
}

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]

# Languages: Italian first, English complete.

LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Rome"
USE_TZ = True
FORMAT_MODULE_PATH = ["network.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "it"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("it",)
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = lambda name, language: (  # noqa: E731
    f"{name} ({dict(LANGUAGES)[language]})"
)

# People: they log in by e-mail; nobody signs up, coordinators invite.

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
INVITATION_DAYS = 7
COORDINATORS_NEED_MFA = env.bool("COORDINATORS_NEED_MFA", default=True)

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https://") else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the code of half a minute ago counts too (RFC 6238, section 5.2)
MFA_TOTP_ISSUER = "Città Creative UNESCO"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = False

SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_PROVIDERS = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("OIDC_NAME", default="OpenID Connect"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
    }

# Mail: whatever is sent goes into the outbox first; `manage.py deliver` hands it to the server.

MAIL = env.email_url("MAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25")
MAILERS = {
    "default": {"BACKEND": "journal.outbox.Outbox"},
    "delivery": {"BACKEND": MAIL["EMAIL_BACKEND"]},
}
if MAIL["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
    MAILERS["delivery"] = {
        "BACKEND": "journal.delivery.MailServer",
        "OPTIONS": {
            "host": MAIL["EMAIL_HOST"],
            "port": MAIL["EMAIL_PORT"],
            "username": MAIL["EMAIL_HOST_USER"],
            "password": MAIL["EMAIL_HOST_PASSWORD"],
            "use_tls": MAIL.get("EMAIL_USE_TLS", False),
            "use_ssl": MAIL.get("EMAIL_USE_SSL", False),
            "timeout": 20,
        },
    }
POST_OFFICE = {
    "DEFAULT_MAILER": "delivery",
    "DEFAULT_PRIORITY": "now" if DEBUG else "medium",
    "SENDING_ORDER": ["-priority", "created"],
    "MAX_RETRIES": 42,  # five days, as the pauses grow (RFC 5321, 4.5.4.1)
    "RETRY_INTERVAL": timedelta(minutes=10),
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname,
    "FILE_STORAGE": "private",
}
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Città Creative UNESCO <portale@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DIGEST_HOUR = env.int("DIGEST_HOUR", default=7)

# Safety: what a browser may do with a page (network.headers says the rest), and what it keeps.
# Browsers follow a form to where it leads in the end, so the identity provider is named; so is
# the host of pictures that lie elsewhere.

PICTURES_AT = STORAGES["default"]["OPTIONS"].get("custom_domain") or (
    urlsplit(STORAGES["default"]["OPTIONS"].get("endpoint_url", "")).netloc
)
SECURE_CSP = headers.content_policy(
    pictures=[f"https://{PICTURES_AT}"] if PICTURES_AT else [],
    forms=["://".join(urlsplit(OIDC_SERVER_URL)[:2])] if OIDC_SERVER_URL else [],
    https=SITE_URL.startswith("https://"),
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # for who asks to stay; for all others until the browser ends
CSRF_FAILURE_VIEW = "accounts.lost_forms.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^status(/web)?$"]  # monitors on this machine ask without TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0 if DEBUG else 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many of our own proxies a request comes through: accounts.addresses finds the visitor by it.
TRUSTED_PROXIES = int(env.str("TRUSTED_PROXIES", default="") or BEHIND_PROXY)

# Limits (network.limits): how many requests a minute or an hour. Visitors count by address, and a
# whole office may share one; people who are logged in count each for themselves, wherever they are.

LIMITS_TIMES = env.float("LIMITS", default=1)  # so many times the figures; 0 for no limits
LIMITS = {
    # what: (an address, a person)
    "page": ("1200/m", "600/m"),  # what is not below, if it does not come from the page cache
    "search": ("300/m", "120/m"),
    "file": ("30/m,300/h", "30/m,300/h"),  # lists as files, papers as PDF and ZIP
    "api": ("300/m", "300/m"),
    "link": ("300/m", "300/m"),  # what a signed link in a letter opens, and personal calendars
    "sending": ("240/m", "300/m"),  # forms; a draft saves itself 24 times a minute at most
    "password": ("10/m", "10/m"),  # where the own password is asked for, outside the log-in
}
# allauth's own: by address (ip), by person (user), by the e-mail address that is typed (key).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",  # passwords and second factors
    "reset_password": "20/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "signup": "20/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # nothing that could be guessed
LOGIN_WAIT = 300  # seconds; the longest of the waits above

# What the owner writes under every page.

OWNER = {
    "name": env.str("OWNER_NAME", default="Coordinamento delle Città Creative UNESCO italiane"),
    "email": env.str("OWNER_EMAIL", default=""),
    "accessibility_url": env.str("ACCESSIBILITY_URL", default=""),
    "source_url": env.str("SOURCE_URL", default=""),
}
SECURITY_EMAIL = env.str("SECURITY_EMAIL", default=OWNER["email"])

LOGGING = logs.to_standard_output(
    form=env.str("LOG_FORMAT", default="line" if DEBUG else "json"),
    level=env.str("LOG_LEVEL", default="INFO"),
)
