"""Settings of Backwell, read from the environment only.

BACKWELL_MODE says what this process is for, and nothing else does:

production   the default. Needs SECRET_KEY and ALLOWED_HOSTS; speaks HTTPS only; staff need a second factor.
demo         `manage.py demo`: a living demo clinic on this machine over plain HTTP.
development  `make run`: like the demo, reloading, with DEBUG pages.
test         the test suite.
"""

import secrets
import sys
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

# SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections write and checkpoint at the same moment.
# Where the newer build is installed it takes the place of the standard library's, before Django loads it.
try:
    import pysqlite3
except ImportError:
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.str("BACKWELL_MODE", "production")
if MODE not in {"production", "demo", "development", "test"}:
    raise ImproperlyConfigured(f"BACKWELL_MODE is {MODE!r}; it can be production, demo, development or test.")
PRODUCTION = MODE == "production"
TESTING = MODE == "test"

# Where the SQLite file, uploaded media, the demo's mail and its secret key live.
DATA_DIR = Path(env.str("BACKWELL_DATA", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret() -> str:
    """The demo's and the developer's own key, made once and kept beside the data."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


def _language_name(code: str) -> str:
    """In the language itself, as people look for it in a list."""
    if code == "en-xa":
        return "Pseudo"
    if code not in LANG_INFO:
        raise ImproperlyConfigured(f"LANGUAGES names {code!r}; write languages as: en-gb,de,pt-br")
    return str(LANG_INFO[code]["name_local"])


DEBUG = env.bool("DEBUG", MODE == "development")
if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY", "")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a long random text, for example the output of: "
            'python -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "Set ALLOWED_HOSTS to the names this site is reached by, for example ALLOWED_HOSTS=portal.example.org"
        )
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows innards to strangers: unset it, or set BACKWELL_MODE=development.")
else:
    SECRET_KEY = "test" * 16 if TESTING else _kept_secret()
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "clinic",
    "patients",
    "exercises",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "import_export",
    "simple_history",
    "template_partials",
    "django.forms",  # its widget templates, found by FORM_RENDERER beside ours
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "config.middleware.request_id",
    "config.middleware.lean_fragments",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.compress",
    "csp.middleware.CSPMiddleware",
    "config.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.token_set_once",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.languages.in_their_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.htmx_plumbing",
    "config.middleware.sign_out_clears_device",
    "config.middleware.session_limits",
    "config.middleware.SignInRequired",
    "config.middleware.staff_second_factor",
    "config.helping.Helping",
    "config.middleware.RedFlagStop",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Data ---
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'backwell.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {
        # A request that reads, then writes, takes its turn at the start instead of failing at the end.
        # FULL: a check-off that was answered as done survives a power cut.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
        },
        "CONN_MAX_AGE": None,
        # A file, so that the live server of the browser tests and the test itself can both write.
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    }
else:
    DATABASES["default"] |= {"OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    # Shared by all workers, because sign-in limits are counted in it.
    # Django's table forgets at random above 300 entries: a flood of addresses would wash the counts away.
    CACHES = {"default": env.cache("CACHE_URL", default="dbcache://backwell_cache?max_entries=100000")}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# --- Static files ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# True only where `collectstatic` has run.
STATIC_BUILT = env.bool("STATIC_BUILT", MODE in {"production", "demo"})
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_BUILT
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- People ---
AUTH_USER_MODEL = "patients.User"
AUTHENTICATION_BACKENDS = ["patients.accounts.backends.EmailBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "patients.entrance.adapter.Entrance"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = None
if TESTING:
    ACCOUNT_RATE_LIMITS: object = False
# Counted also where allauth's own limits are off, in the tests. Only answers that were refused count.
WAYS_IN_LIMITS = {
    "welcome": "30/10m/ip",
    "pin": "20/10m/ip",
    "mailed_code": "3/10m/key,20/h/ip",
    "family_mail": "5/h/key",
    "emergency": "10/h/key",
    # What strangers send: from one address, by all together to one form, the same long text, and mails they cause.
    "stranger": "20/h/ip", "strangers": "200/h/key", "same_words": "3/d/key",
    "stranger_mail": "2/d/key,10/h/ip", "strangers_mail": "300/d/key",
}  # fmt: skip
# Nobody reads and fills in a public form in less.
STRANGERS_SECONDS = 3
# Hours that a record which was opened in an emergency stays open.
EMERGENCY_HOURS = env.int("EMERGENCY_HOURS", 4)
# Days until a request for a first visit that is settled is deleted, and a question under an article that was rejected.
REQUEST_DAYS = env.int("REQUEST_DAYS", 90)
# The constraint is there, for whoever has an address; patients may have none.
# And W161 takes a usual hour, as reminders have one, for a moment of today: at that hour only.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "fields.W161"]
# How many proxies of ours stand in front; X-Forwarded-For counts only then.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "patients.accounts.adapter.Passkeys"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "patients.accounts.forms.AddPasskeyForm",
    "authenticate_webauthn": "patients.accounts.forms.AuthenticateWithPasskeyForm",
    "login_webauthn": "patients.accounts.forms.SignInWithPasskeyForm",
    "reauthenticate_webauthn": "patients.accounts.forms.ReauthenticateWithPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Addresses are given by the clinic, not by whoever signs up: a factor need not wait for a mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Backwell"
USERSESSIONS_TRACK_ACTIVITY = False  # would make every page view a database write
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", 12)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Sessions: minutes without a request until a member of staff must sign in again; days for a patient's device ---
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", 15)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", 12)
PATIENT_SESSION_DAYS = env.int("PATIENT_SESSION_DAYS", 30)
SESSION_COOKIE_AGE = PATIENT_SESSION_DAYS * 24 * 60 * 60
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
# Days that a patient's one-time link works.
INVITATION_DAYS = env.int("INVITATION_DAYS", 7)
if not 1 <= INVITATION_DAYS <= 7:
    raise ImproperlyConfigured(
        "INVITATION_DAYS can be 1 to 7: a link that lets somebody in does not lie about longer."
    )
# What a patient's device keeps between visits: the secret that its PIN goes with, and which way in was used last.
PIN_COOKIE, WAY_COOKIE = "pin", "way"
# Only the demo and the tests let staff in with a password alone.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", PRODUCTION)
# The catalogue can be read without signing in, unless this closes it.
PUBLIC_CATALOGUE = env.bool("PUBLIC_CATALOGUE", True)

# --- Transport and headers ---
SECURE_HTTPS = env.bool("SECURE_HTTPS", PRODUCTION)
if SECURE_HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    PIN_COOKIE, WAY_COOKIE = "__Host-pin", "__Host-way"
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "config.errors.form_expired"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- Mail ---
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Backwell <no-reply@localhost>")
ADMINS = [("Admin", address) for address in env.list("ADMIN_EMAILS", default=[])]
# Whom the newsletter comes from; empty: the clinic's name with the address of the other mails.
NEWSLETTER_FROM_EMAIL = env.str("NEWSLETTER_FROM_EMAIL", "")
EMAIL_FILE_PATH = DATA_DIR / "outbox"
if MODE in {"demo", "development"}:
    EMAIL_BACKEND = "config.mail.ConsoleAndOutbox"
else:
    vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10

# --- Reminders: links in mails come from a timer, which has no request to take the site's address from ---
_host = ALLOWED_HOSTS[0].removeprefix(".") if ALLOWED_HOSTS else "*"
_usual = f"https://{_host}" if PRODUCTION else f"http://127.0.0.1:{env.str('PORT', '8000')}"
SITE_ADDRESS = env.str("SITE_ADDRESS", "" if "*" in _host else _usual).rstrip("/")
# The key that browsers' push services know this installation by; empty: made once and kept in BACKWELL_DATA.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
# Hosts of push services beside the usual ones, or whole addresses such as https://push.example.org:8443.
PUSH_SERVICES = env.list("PUSH_SERVICES", default=[])

# --- Language and time: a patient's own zone decides what "today" is; this one is only for staff pages and logs ---
# The words of the portal are English; `manage.py translate` adds a language. The first one is the clinic's own.
LANGUAGES = [(code, _language_name(code)) for code in env.list("LANGUAGES", default=["en-gb"])]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [DATA_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.JsonLine"}},
    "filters": {"discreet": {"()": "config.logs.Discreet"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail_admins": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "include_html": False,
            "reporter_class": "config.logs.WhereItBroke",
            "filters": ["discreet"],
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console", "mail_admins"], "level": "ERROR", "propagate": False},
    },
}
