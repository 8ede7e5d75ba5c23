"""All settings, driven by the environment; the defaults are safe for a village office computer.

Every variable is listed in docs/county/settings.md. Nothing here needs a network.
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import files, postgresql, sqlite
from config.http.hosts import is_private, read_networks
from config.http.rate_limits import make_rate_limits
from config.logs import make_logging
from config.registry import (  # noqa: F401
    BACK_OFFICE_GROUPS,
    CLASS_ADMITS,
    CLASS_TIMETABLE,
    CONSENT_WITHDRAWN,
    ERASE_TERMS,
    ERASERS,
    JOIN_CODE_CHECK,
    JOIN_CODE_REDEEM,
    NOTICE_READERS,
    OUTBOX_COUNTS,
    OUTBOX_HANDLERS,
    PAGES,
    ROLE_ENDED,
    SIGN_IN_WARNINGS,
    STAMP_CLOCKS,
    TASK_STATES,
    TAUGHT_BY,
    TERM_GROUPS,
    UNFINISHED,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
os.umask(files.UMASK)
VAR_DIR.mkdir(parents=True, exist_ok=True)


def read_flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def read_words(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]


DEBUG = read_flag("DEBUG")
DEMO = read_flag("DEMO")
# Plain HTTP is only for this machine; everywhere else cookies are sent over TLS only.
HTTPS = read_flag("HTTPS", not (DEBUG or DEMO))
SECRET_KEY = os.environ.get("SECRET_KEY") or files.read_or_make_secret(VAR_DIR / "secret_key")
# Earlier keys while the key is changed: what was signed or encrypted with them can still be read.
SECRET_KEY_FALLBACKS = read_words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = read_words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
if DEMO and not all(is_private(host) for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "DEMO shows passwords on the sign-in page, so it refuses to serve a public address: "
        f"ALLOWED_HOSTS={' '.join(ALLOWED_HOSTS)}"
    )
CSRF_TRUSTED_ORIGINS = read_words("CSRF_TRUSTED_ORIGINS")

# The site's legal role: practice, copilot, single_seller or multi_seller. The demo shows everything, also orders.
SITE_ROLES = ("practice", "copilot", "single_seller", "multi_seller")
SITE_ROLE = os.environ.get("SITE_ROLE", "multi_seller" if DEMO else "practice").strip()
if SITE_ROLE not in SITE_ROLES:
    raise ImproperlyConfigured(
        f"SITE_ROLE is “{SITE_ROLE}”, which says nothing about what the law asks of this site. "
        f"Set one of: {', '.join(SITE_ROLES)}."
    )
BEIAN_ICP = os.environ.get("BEIAN_ICP", "")
BEIAN_PSB = os.environ.get("BEIAN_PSB", "")
# Who is responsible for personal data here; the privacy notice names them.
OPERATOR_NAME = os.environ.get("OPERATOR_NAME", "")
OPERATOR_CONTACT = os.environ.get("OPERATOR_CONTACT", "")

INSTALLED_APPS = [
    "config",
    "demo",
    "programme",
    "rehearsals",
    "progress",
    "live",
    "shops",
    "courses",
    "media",
    "outbox",
    "wording",
    "accounts",
    "ui",
    "accounts.backoffice.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "phonenumber_field",
]

MIDDLEWARE = [
    # Before all others: it counts what they answer, and Prometheus asks for no host of the site.
    "config.metrics.requests.RequestMetrics",
    "django.middleware.security.SecurityMiddleware",
    "config.http.middleware.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.http.middleware.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Before any view, and before the CSRF check reads the body.
    "config.http.bodies.BodyLimit",
    "accounts.auth.middleware.OwnPages",
    "accounts.auth.middleware.Acted",
    "accounts.auth.middleware.PasswordChangeDue",
    "accounts.auth.middleware.StaffAtWork",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["ui.pages.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.pages.site",
                "config.navigation.tabs",
                "config.pwa.add_phone_urls",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ui.templatetags.ui"],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'newfarmwork.sqlite3'}", conn_max_age=None, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": sqlite.TIMEOUT_SECONDS,
        "init_command": sqlite.PRAGMAS,
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "config.postgresql"
    DATABASES["default"]["OPTIONS"] = postgresql.OPTIONS | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Shared by all processes and nodes: the worker's heartbeat, and codes of authenticators that were used already. What
    # must not be dropped has a table: limits are in accounts.limits.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # In each process: rendered pages, each under the stamp from which it was rendered.
    "pages": {
        "BACKEND": "django.core.cache.backends."
        + ("locmem.LocMemCache" if read_flag("PAGE_CACHE", True) else "dummy.DummyCache"),
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        # Two for each page: its body, and under which name it was last right.
        "OPTIONS": {"MAX_ENTRIES": 4000},
    },
    # In each process: how many things wait behind each person's tabs (accounts.worklist.items).
    "counts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "counts",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
    # On each node: drawn posters, some hundred kilobytes each, under a hash of their contents.
    "posters": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "posters",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# Seconds by which the numbers on a person's tabs may be late about other people's actions (accounts.worklist.items); 0:
# never.
COUNTS_KEPT_SECONDS = 10

# Videos have their own queue: a photo must not wait for an hour of film.
TASKS = {"default": {"BACKEND": "media.queue.Backend", "QUEUES": ["default", "videos"]}}

# --- Files ----------------------------------------------------------------------------------------

# Whether the front server runs as another user, who reads static files, pictures and films through the site's group.
GROUP_READS = read_flag("GROUP_READS")
FILE_UPLOAD_PERMISSIONS = files.get_file_mode(GROUP_READS)
FILE_UPLOAD_DIRECTORY_PERMISSIONS = files.get_folder_mode(GROUP_READS)
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_FINDERS = [
    "ui.responses.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# With a bucket, pictures, private files and the intake are stored there: any number of app nodes share them.
S3_BUCKET = os.environ.get("S3_BUCKET", "")
BUCKET_URL = files.make_bucket_url(S3_BUCKET) if S3_BUCKET else ""
# Where browsers find pictures; rows and cached pages never rely on an earlier one (courses.rendering, ui.responses.page_cache).
MEDIA_URL = os.environ.get("MEDIA_URL") or f"{BUCKET_URL}/media/"
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", VAR_DIR / "media"))
# Originals from phones: never served, deleted once the worker has made the pictures.
INTAKE_ROOT = VAR_DIR / "intake"
PRIVATE_ROOT = Path(os.environ.get("PRIVATE_ROOT", VAR_DIR / "private"))
# Large bodies while they are received, each deleted once it is answered (config.http.spool).
SPOOL_ROOT = Path(os.environ.get("SPOOL_ROOT", VAR_DIR / "spool"))
# The files of a large body while its request is answered, and copies for the decoder: on the disk whose free space is
# monitored, not in /tmp, which may be memory (config.http.bodies.delete_leftovers).
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
STORAGES = files.make_disk_storages(INTAKE_ROOT, PRIVATE_ROOT) | {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ui.responses.bundles.MinifiedStaticFilesStorage"
    },
}
if S3_BUCKET:
    STORAGES |= files.make_bucket_storages(S3_BUCKET)
# Whether the front server supports X-Accel-Redirect from PRIVATE_ROOT, as the project's own does.
FRONT_SENDS = read_flag("FRONT_SENDS")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
PHOTO_MAX_BYTES = 40_000_000
# By the cost of decoding: a JPEG is decoded directly to an eighth of its size, the others completely. Phones have 50
# megapixels and more.
PHOTO_MAX_PIXELS = {"JPEG": 100_000_000, "HEIF": 60_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
# The path of ffmpeg; else the system's, else that of the Python package.
FFMPEG = os.environ.get("FFMPEG", "")
VIDEO_MAX_BYTES = int(os.environ.get("VIDEO_MAX_BYTES", 2_000_000_000))
VIDEO_MAX_SECONDS = 2 * 60 * 60
# Through the plain form, in one piece.
VIDEO_FORM_MAX_BYTES = 120_000_000
# Films of rehearsals are deleted after so many days, unless their owner keeps them (个人信息保护法 §19).
PRACTICE_FILM_DAYS = int(os.environ.get("PRACTICE_FILM_DAYS", 90))
VIDEO_BYTES_A_DAY = int(os.environ.get("VIDEO_BYTES_A_DAY", 8_000_000_000))
# Limits of rehearsals: what one person may send in a day, and store until films are made of it; what all people of a village
# may store, and the whole site with the films of lessons.
PRACTICE_MINUTES_A_DAY = int(os.environ.get("PRACTICE_MINUTES_A_DAY", 180))
PRACTICE_BYTES_A_DAY = int(os.environ.get("PRACTICE_BYTES_A_DAY", 4_000_000_000))
PRACTICE_BYTES = int(os.environ.get("PRACTICE_BYTES", 10_000_000_000))
PLACE_FILM_BYTES = int(os.environ.get("PLACE_FILM_BYTES", 200_000_000_000))
SITE_FILM_BYTES = int(os.environ.get("SITE_FILM_BYTES", 1_000_000_000_000))
# The most seconds that one step of a film may take; a slow computer with long films may need more.
VIDEO_WORK_SECONDS = int(os.environ.get("VIDEO_WORK_SECONDS", 2 * 60 * 60))
PHOTO_WIDTHS = (320, 720, 1200)

# Files for trainers (courses.preparation) that a county puts in the place of the project's own.
PREPARATION_DIR = Path(os.environ.get("PREPARATION_DIR", VAR_DIR / "preparation"))

# Whose law the course teaches: "cn", China's, or "own", the county's, written in LAW_DIR (courses.import_export.own_law).
LAW = os.environ.get("LAW", "cn")
LAW_DIR = Path(os.environ.get("LAW_DIR", VAR_DIR / "law"))

# --- Copies ---------------------------------------------------------------------------------------

# The worker puts a copy of the whole site here every night; without it none is made (docs/county/copies.md).
BACKUP_DIR = os.environ.get("BACKUP_DIR", "")
# The file with the passphrase of the copies; store it elsewhere too, because no copy can be opened without it.
BACKUP_KEY_FILE = os.environ.get("BACKUP_KEY_FILE", "")
BACKUP_KEEP = int(os.environ.get("BACKUP_KEEP", 7))
BACKUP_HOUR = int(os.environ.get("BACKUP_HOUR", 3))

# --- Facts recorded offline (outbox) ---------------------------------------------------------------

# A trainee's longest day makes some hundred events; further ones wait on the phone until midnight.
EVENTS_A_DAY = 5000
# Applied events are recognised by their rows for so long; later copies are recognised by the fact itself.
EVENTS_KEPT_DAYS = 180

# --- Language and time ----------------------------------------------------------------------------

# The source language is Chinese: texts in code and templates are what a villager reads.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "ui" / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.auth.backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.auth.passwords.VillageArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.auth.passwords.LongEnough"},
    {"NAME": "accounts.auth.passwords.NotThePhone"},
    {"NAME": "accounts.auth.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PHONENUMBER_DEFAULT_REGION = "CN"
# How codes are sent: console, file, http (one gateway) or none (the village's own computer).
SMS_SENDER = os.environ.get("SMS_SENDER", "none")
SMS_FILE = VAR_DIR / "sms.jsonl"
SMS_HTTP_URL = os.environ.get("SMS_HTTP_URL", "")
SMS_HTTP_KEY = os.environ.get("SMS_HTTP_KEY", "")
SMS_TEMPLATE_CODE = os.environ.get("SMS_TEMPLATE_CODE", "")
# When those enrolled are reminded of a training session: "evening", the evening before; "hours", two hours before.
SESSION_REMINDERS = os.environ.get("SESSION_REMINDERS", "evening")
# Other messages (an order accepted, a parcel sent): SMS_TEMPLATE_ORDER_ACCEPTED and so on name the gateway's approved
# templates. A message without one is not sent.
SMS_TEMPLATES = {
    name.removeprefix("SMS_TEMPLATE_").lower(): value
    for name, value in os.environ.items()
    if name.startswith("SMS_TEMPLATE_") and value
}
SMS_TIMEOUT_SECONDS = 5
# Codes that one IP may ask for in a day, of all kinds together (signing up, signing in, ordering): each costs money,
# and a class of sixty behind one Wi-Fi needs some hundred.
SMS_A_DAY = int(os.environ.get("SMS_A_DAY", "200"))
# Codes that one number gets in a day, of all kinds together, whoever asks (two are reserved for orders); and all messages of
# the site in a day, 40 % of which codes may not use.
SMS_CODES_A_DAY_PER_NUMBER = int(os.environ.get("SMS_CODES_A_DAY_PER_NUMBER", "5"))
SMS_SITE_A_DAY = int(os.environ.get("SMS_SITE_A_DAY", "5000"))
PROVES_PHONES = SMS_SENDER != "none"
# Hours of the day for which an order request reserves its goods if its phone is not verified (shops.orders.limits). Without
# SMS no phone is verified, and a seller who looks in the evening must still find the morning's orders.
UNPROVEN_HOLD_HOURS = int(os.environ.get("UNPROVEN_HOLD_HOURS") or (4 if PROVES_PHONES else 10))
# People that a mentor's class takes (programme.mentoring); a class keeps the number with which it was opened.
MENTOR_CLASS_PEOPLE = int(os.environ.get("MENTOR_CLASS_PEOPLE", "10"))
# Operators give old numbers to new owners after some months: after this time a code alone opens no account.
QUIET_ACCOUNT_DAYS = 180
# Notices are sent only to push services named here (a name includes its subdomains): those of the browsers' makers.
# PUSH_CONTACT tells them whom to contact about this site: mailto: or https:.
PUSH_HOSTS = os.environ.get(
    "PUSH_HOSTS",
    "fcm.googleapis.com push.services.mozilla.com notify.windows.com push.apple.com",
).split()
PUSH_CONTACT = os.environ.get("PUSH_CONTACT", "mailto:webmaster@localhost")
# ID numbers of a class are deleted so many days after the approval of its training ledger (programme.id_numbers).
ID_NUMBER_DAYS = int(os.environ.get("ID_NUMBER_DAYS", 30))
PRIVACY_VERSION = "2026-11-27"
ACCOUNT_ADAPTER = "accounts.auth.adapter.PhoneAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = PROVES_PHONES
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = PROVES_PHONES
# allauth would send nothing for a number without an account, and reveal that by failing: the page asks for a new code
# instead.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = False
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = PROVES_PHONES
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_FORMS = {
    "login": "accounts.auth.forms.SignInForm",
    "signup": "accounts.auth.forms.SignUpForm",
    "change_password": "accounts.auth.forms.ChangePasswordForm",
    "set_password": "accounts.auth.forms.ChangePasswordForm",
    "request_login_code": "accounts.auth.forms.RequestCodeForm",
    "confirm_login_code": "accounts.auth.forms.ConfirmLoginCodeForm",
    "verify_phone": "accounts.auth.forms.VerifyPhoneForm",
    "change_phone": "accounts.auth.forms.ChangePhoneForm",
    "reauthenticate": "accounts.auth.forms.ReauthenticateForm",
}
# allauth's own limits are off: accounts.limits counts, also for its pages.
ACCOUNT_RATE_LIMITS = False
RATE_LIMITS = make_rate_limits(SMS_A_DAY)
# Who may read /metrics besides this computer: addresses and networks.
METRICS_ADDRESSES = read_networks("METRICS_ADDRESSES", read_words("METRICS_ADDRESSES"))
# What each process of the app has counted (config.metrics.processes).
METRICS_DIR = VAR_DIR / "metrics"
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))
# An unlocked phone must not be enough to move the account to another number.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "accounts.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.auth.forms.AuthenticateForm",
    "reauthenticate": "accounts.auth.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.auth.forms.ActivateForm",
}
MFA_TOTP_ISSUER = "新农活"
# One step of 30 seconds early or late: the clocks of phones without network time are a little off.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10

CRISPY_ALLOWED_TEMPLATE_PACKS = ("farm",)
CRISPY_TEMPLATE_PACK = "farm"

# --- What the browser may do ----------------------------------------------------------------------

# The bucket, to which requests for films are redirected, the URL of pictures, and what the operator adds.
OTHER_MEDIA = list(dict.fromkeys([*files.list_origins(BUCKET_URL, MEDIA_URL), *read_words("CSP_MEDIA")]))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "connect-src": [SELF, *OTHER_MEDIA],
        "img-src": [SELF, "data:", "blob:", *OTHER_MEDIA],
        "media-src": [SELF, "blob:", *OTHER_MEDIA],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "accounts.auth.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
# Staff show the second factor once a day, and again after an hour without opening a staff page.
STAFF_SESSION_SECONDS = 60 * 60 * 12
STAFF_IDLE_SECONDS = 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = SESSION_COOKIE_AGE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", 60 * 60 * 24 * 365))
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- Logs -----------------------------------------------------------------------------------------

# Stored for 190 days: 网络安全法 requires at least six months of network logs.
LOG_DIR = Path(os.environ.get("LOG_DIR", VAR_DIR / "log"))
LOG_KEEP_DAYS = 190
LOGGING = make_logging(LOG_DIR, os.environ.get("LOG_LEVEL", "INFO"))
