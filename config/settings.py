"""Settings, read from the environment in the order a request meets them.

No variable at all gives the embedded default: SQLite, a filesystem broker, mail into the portal's outbox page.
`PORTAL_ENV=production` refuses to start half-configured. `docs/operations.md` lists every variable.
"""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config import production
from config.logs import logging_for

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
production.refuse(os.environ)

PRODUCTION = env.str("PORTAL_ENV", "embedded") == "production"
DEMO = env.bool("DEMO", default=False)
DEMO_HIERARCHY = env.str("DEMO_HIERARCHY", "")  # "2021": the demo stands before the reform, which can then be done
DEBUG = env.bool("DEBUG", default=False)

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _embedded_secret() -> str:
    """A key made once and kept beside the embedded database, so that sessions survive a restart."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or _embedded_secret()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former keys, for what they closed
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
BASE_URL = env.str("BASE_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}").rstrip("/")

# --- what is installed: the order is the direction of dependency ---
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "portal",
    "units",
    "campaigns",
    "awards",
]

MIDDLEWARE = [
    "portal.tracing.numbered",
    "config.headers.guarded",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.faults.one_retry",
    "portal.web.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.errors.NotAllowed",
    "portal.faults.RefuseHalfFiles",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.web.middleware.reader_language",
    "portal.web.sound.SoundRequests",
    "portal.web.middleware.SignInFirst",
    "portal.web.middleware.session_limits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.templatetags.marks"],
            "libraries": {"i18n": "portal.templatetags.words"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "units.context.portal",
            ],
        },
    },
]
SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # the tags of translation stand under Django's name on purpose
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- data ---
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock at once, so that two writers queue instead of failing halfway
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # secure_delete overwrites what was erased: the keys of a ballot that was counted
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # statements join what they found to a handful of rows by keys; weighing every order of ten tables took PostgreSQL
    # several times as long as reading them
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c join_collapse_limit=4")
# a new connection costs either engine more than a page's queries: SQLite reads its whole schema again
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
# One store after the other is asked, so that no page fails with its cache (config/cache.py). Files are shared by the
# processes of one machine, as the counters of failed sign-ins must be; memory is what is left on a full disk.
_STORES = {
    "redis": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},  # seconds; a page is made in less
    },
    "files": {
        "BACKEND": "config.cache.Files",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 3000},  # a flood of names must not push the counters out
    },
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 3000},
    },
}
CACHES = _STORES | {
    "default": {
        "BACKEND": "config.cache.FirstThatAnswers",
        "OPTIONS": {"stores": [name for name in _STORES if REDIS_URL or name != "redis"]},
    }
}

STORAGES = {
    "default": {"BACKEND": "portal.files.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
UPLOAD_MAX_BYTES = 20 * 1024 * 1024  # one attachment
FILE_UPLOAD_HANDLERS = [
    "portal.files.uploads.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.faults.Incoming",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a plan of five areas with many commitments is one form

# --- who signs in ---
AUTH_USER_MODEL = "units.User"
AUTHENTICATION_BACKENDS = ["units.access.accounts.StaffBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"units.signin.passwords.{name}"}
    for name in ("LengthValidator", "CommonPasswordValidator", "GuessableValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "units.access.accounts.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "reset_password": "units.access.forms.ForgottenForm",
    "change_password": "units.signin.forms.passwords.ChangePasswordForm",
    "set_password": "units.signin.forms.passwords.SetPasswordForm",
    "reset_password_from_key": "units.signin.forms.passwords.ResetPasswordKeyForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.signin.links.LinkTokens"  # noqa: S105 -- a path
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are kept by administrators
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can register, so a stranger has nothing to be told
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)  # whose address the limits count
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}

# --- the second step of signing in ---
MFA_ADAPTER = "units.signin.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "units.signin.forms.factors.AuthenticateForm",
    "reauthenticate": "units.signin.forms.factors.ReauthenticateForm",
    "authenticate_webauthn": "units.signin.forms.factors.AuthenticateKeyForm",
    "reauthenticate_webauthn": "units.signin.forms.factors.ReauthenticateKeyForm",
    "add_webauthn": "units.signin.forms.factors.AddKeyForm",
    "edit_webauthn": "units.signin.forms.factors.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # a browser lets passkeys work on http://localhost alone
MFA_TOTP_ISSUER = "Cổng thi đua - khen thưởng"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute wrong; each code opens once all the same
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ROLES = env.list("MFA_ROLES", default=["admin", "office"] if PRODUCTION else [])  # cannot do without it
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds after which rights, addresses and the like ask who is there

PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds a link of an invitation or a forgotten password is good for

SESSION_COOKIE_AGE = env.int("IDLE_SECONDS", 30 * 60)  # renewed by activity
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", 12 * 60 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
# In the database alone, one read of an indexed row a page: a cache that was away would bring back what had ended.
SESSION_ENGINE = "portal.signin.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- words and time ---
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = False

# --- who answers the questions about roles that the machinery asks (portal.access) ---
ACCESS = "units.access.audience"

# --- days during which an account is no second person to whom it was opened, invited or given a role by ---
SECOND_PERSON_DAYS = env.int("SECOND_PERSON_DAYS", 30)

# --- awards: figures that no law sets; empty (0) until the office decides them ---
LEADERS_SHARE_PERCENT = env.int("LEADERS_SHARE_PERCENT", 0)  # of the people in a list; beyond it the list warns
FAST_LANE_WORKING_DAYS = env.int("FAST_LANE_WORKING_DAYS", 0)  # the clock of the simplified procedure

# --- review: for so many years a former posting in the nominating unit is a conflict of interest ---
CONFLICT_YEARS = env.int("CONFLICT_YEARS", 3)

# --- mail: without EMAIL_URL every message lands on the portal's own outbox page ---
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "portal.notices.mail.OutboxBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Cổng thi đua - khen thưởng <no-reply@portal.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- work in the background ---
CELERY_TIMEZONE = TIME_ZONE
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker however long it is away
CELERY_TASK_PUBLISH_RETRY = False  # a request does not wait for a queue that is away: portal.jobs.queue
QUEUE_BROKEN = "" if REDIS_URL else str(DATA_DIR / "queue-broken")  # messages that nobody could read
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "max_retries": 0,
        "socket_connect_timeout": 0.5,
        "socket_timeout": 0.5,
    }
else:
    CELERY_BROKER_TRANSPORT = "portal.jobs.folder_queue:Transport"
    CELERY_BROKER_URL = "filesystem://localhost"  # no host is asked; without one kombu warns at each start
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "control_folder": str(DATA_DIR / "queue-control"),
        "broken_folder": QUEUE_BROKEN,
    }
REMIND_SECONDS = env.int("REMIND_SECONDS", 300)
DELIVER_SECONDS = env.int("DELIVER_SECONDS", 60)
REMINDER_HOUR = 8  # local time, issue: reminders go out at 08:00
MAIL_ATTEMPTS = 6  # back-off 1, 2, 4 … minutes
NOTICE_CLAIM_SECONDS = env.int("NOTICE_CLAIM_SECONDS", 300)  # then a letter whose worker died is taken by another

# --- backups: `manage.py backup`; the beat makes one each night where a folder is named ---
BACKUP_DIR = env.str("BACKUP_DIR", "")
BACKUP_KEEP = env.int("BACKUP_KEEP", 14)  # archives; older ones are removed after a new one is whole

# --- security ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks as data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-report/",
        "upgrade-insecure-requests": PRODUCTION,
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # a browser takes such a name only over https, for the whole of this host and from nobody else
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
LOG_FORMAT = env.str("LOG_FORMAT", "json" if PRODUCTION else "line")  # gunicorn.conf.py asks the same
LOGGING = logging_for(LOG_FORMAT, env.str("LOG_LEVEL", "INFO"))
