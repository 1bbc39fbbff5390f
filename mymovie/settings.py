"""Every setting, read from the environment and safe when the environment is empty; .env.example names them all."""

import os
from pathlib import Path

import dj_database_url
import structlog
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from mymovie import queues
from mymovie.database import RotatingConnection, WatchedConnection
from mymovie.logs import without_keys
from mymovie.release import newest_change

BASE_DIR = Path(__file__).resolve().parent.parent


def is_on(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default) == "1"


def required(name: str, how: str) -> str:
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(f"{name} is not set. {how}")


# Who we are
DEBUG = is_on("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or (
    "only-for-debugging" if DEBUG else required("SECRET_KEY", "Give at least 50 random characters.")
)
STAFF_PATH = os.environ.get("STAFF_PATH", "staff").strip("/") + "/"
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
RELEASE = os.environ.get("RELEASE") or newest_change(BASE_DIR)
MAINTENANCE = is_on("MAINTENANCE")
SERVICE_WORKER = is_on("SERVICE_WORKER", "1")  # 0: the one that browsers have unregisters itself

# What we are made of
INSTALLED_APPS = [
    "accounts.identity.staff_app.StaffAppConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "mymovie.limits",
    "mymovie.outbox",
    "mymovie.rest",
    "accounts",
    "movies",
]
MIDDLEWARE = [
    "mymovie.tracing.TraceMiddleware",
    "mymovie.health.HealthMiddleware",
    "mymovie.crowd.CountMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mymovie.kept.KeptPagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mymovie.crowd.DoorMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "mymovie.policy.PolicyMiddleware",
    "mymovie.caching.PrivateUnlessSaidMiddleware",
    "mymovie.encoding.OnlyUtf8Middleware",
    "django.middleware.locale.LocaleMiddleware",
    "mymovie.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.identity.middleware.AuthenticationMiddleware",
    "accounts.identity.middleware.PersonMiddleware",
    "accounts.people.middleware.FormerHandleMiddleware",
    "mymovie.limits.middleware.LimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mymovie.offline.middleware.ShelfMiddleware",
]
ROOT_URLCONF = "mymovie.urls"
WSGI_APPLICATION = "mymovie.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["mymovie.templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "libraries": {"once": "mymovie.once"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mymovie.pages.page",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where the data lies
DATABASES = {
    "default": dj_database_url.parse(
        required("DATABASE_URL", "`make run` starts a PostgreSQL of its own; elsewhere give postgres://…"),
        conn_health_checks=True,
    )
}
_database = DATABASES["default"]
# On AWS who we are stands in a secret of the database's own, apart from where it is.
_database["USER"] = os.environ.get("DATABASE_USER") or _database["USER"]
_database["PASSWORD"] = os.environ.get("DATABASE_PASSWORD") or _database["PASSWORD"]
DATABASE_SECRET = os.environ.get("DATABASE_SECRET", "")
_said = _database.get("OPTIONS", {})
_longest = os.environ.get("STATEMENT_TIMEOUT", "0")  # as PostgreSQL reads it; 0: as long as it takes
_database["OPTIONS"] = {
    **_said,
    # What `mymovie.prepared` asks for: Django forbids psycopg to prepare anything unless it is told a number, and
    # PostgreSQL plans a statement five times before it thinks of keeping a plan.
    "prepare_threshold": 5,
    "options": f"{_said.get('options', '')} -c plan_cache_mode=force_generic_plan -c statement_timeout={_longest}".strip(),
    "pool": {
        "min_size": 1,
        "max_size": int(os.environ.get("DATABASE_POOL_SIZE", "8")),
        "timeout": 10,
        "reconnect_timeout": 1,  # then whoever asks next tries anew; by itself the pool tries ever more seldom
        "connection_class": RotatingConnection if DATABASE_SECRET else WatchedConnection,
    },
}
KEPT_PAGES_MB = int(os.environ.get("KEPT_PAGES_MB", "32"))  # of each web process; 0: no page is kept
REQUESTS_AT_ONCE = int(
    os.environ.get("REQUESTS_AT_ONCE", "32")
)  # in each web process; who comes then is told to come back
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Who signs in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.identity.backend.OidcBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_DOMAIN = os.environ.get("OIDC_DOMAIN", "")
OIDC_JWKS_URL = os.environ.get("OIDC_JWKS_URL") or f"{OIDC_ISSUER}/.well-known/jwks.json"
OIDC_APP_CLIENT_IDS = os.environ.get("OIDC_APP_CLIENT_IDS", "").replace(",", " ").split()
STAFF_GROUP = "staff"

# What keeps us safe
_over_https = not is_on("INSECURE_COOKIES")
SESSION_ENGINE = "accounts.identity.sessions"
SESSION_COOKIE_NAME = "__Host-session" if _over_https else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _over_https
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # ends with the session
CSRF_USE_SESSIONS = True  # a visitor who only looks gets no cookie
CSRF_FAILURE_VIEW = "mymovie.errors.csrf_failure"
SECURE_SSL_REDIRECT = _over_https
SECURE_PROXY_SSL_HEADER = ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _over_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
# Where the CDN writes who asks, as "address:port": HTTP_CLOUDFRONT_VIEWER_ADDRESS. Empty: whoever is connected.
CLIENT_ADDRESS_HEADER = os.environ.get("CLIENT_ADDRESS_HEADER", "")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "https://image.tmdb.org"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        # Chromium follows a form's redirects, and signing out ends at the provider.
        "form-action": [SELF, *([OIDC_DOMAIN] if OIDC_DOMAIN else [])],
        "frame-ancestors": [NONE],
    }
}

# What it says, and in which language
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "mymovie" / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "mymovie.formats"
TIME_ZONE = "Asia/Tokyo"

# Files
AWS_ENDPOINT_URL = os.environ.get("AWS_ENDPOINT_URL", "")  # boto3 reads it too
STATIC_URL = "/static/"
STATIC_BUCKET = os.environ.get("STATIC_BUCKET", "")
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "mymovie" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mymovie.stylesheets.JoinedStylesheets",
]
JOINED_STYLESHEETS = {
    "css/every-page.css": [
        "vendor/bootstrap-5.3.9/bootstrap-reboot.min.css",
        "css/controls.css",
        "css/site.css",
        "css/frame.css",
        "css/films.css",
    ]
}
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ.get("MEDIA_BUCKET", "mymovie-media"),
            "region_name": os.environ.get("AWS_REGION"),
            "endpoint_url": AWS_ENDPOINT_URL or None,
            "file_overwrite": False,
            "client_config": Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 2}),
        },
    },
    "incoming": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ.get("INCOMING_BUCKET", "mymovie-incoming"),
            "region_name": os.environ.get("AWS_REGION"),
            "endpoint_url": AWS_ENDPOINT_URL or None,
            "file_overwrite": False,
            "transfer_config": TransferConfig(use_threads=False),  # each would hold 8 MB of a large file
            "client_config": Config(
                connect_timeout=2,
                read_timeout=5,
                retries={"max_attempts": 2},
                # Browsers send files by forms that we sign: to the bucket's own host, and as new buckets want it.
                signature_version="s3v4",
                s3={"addressing_style": "path" if AWS_ENDPOINT_URL else "virtual"},
            ),
        },
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if is_on("STATIC_COMPRESSION", "1")
            else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    },
}
# Only a debugger asks for a map of the source.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "png", "webp", "gz", "br", "woff2", "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing asks for one by its plain name
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "mymovie.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
LARGEST_UPLOAD = 5 * 1024 * 1024
LARGEST_UPLOAD_OF_STAFF = 100 * 1024 * 1024

# Films
TMDB_TOKEN = os.environ.get("TMDB_TOKEN", "")
TMDB_URL = os.environ.get("TMDB_URL", "https://api.themoviedb.org/3")
TMDB_IMAGES_URL = os.environ.get(
    "TMDB_IMAGES_URL", "https://image.tmdb.org/t/p/"
)  # what the worker paints posters from

# Work in the background
AWS_REGION = os.environ.get("AWS_REGION", "ap-northeast-1")
# What the addresses of our queues begin with; on AWS: https://sqs.REGION.amazonaws.com/ACCOUNT/mymovie-
QUEUES_URL = os.environ.get("QUEUES_URL", "")
CELERY_BROKER_URL = "sqs://"  # without keys: they come from the environment, or from the role of the task
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "region": AWS_REGION,
    "is_secure": not QUEUES_URL.startswith("http:"),
    "predefined_queues": {name: {"url": QUEUES_URL + name} for name in queues.NAMES},
    "wait_time_seconds": 1 if AWS_ENDPOINT_URL else 10,  # a local SQS gives the next message to a poll that is gone
    "polling_interval": 0.005,  # seconds that a slot rests after each task; it costs nothing where there is none
    "client-config": {"connect_timeout": 2, "read_timeout": 5, "retries": {"total_max_attempts": 2}},
}
CELERY_TASK_DEFAULT_QUEUE = "nowhere"  # a task without a route is a mistake, which checks.py finds
CELERY_TASK_ROUTES = {
    "accounts.people.tasks.paint_avatar": {"queue": "media"},
    "accounts.people.tasks.mail_request": {"queue": "mail-urgent"},
    "accounts.people.tasks.mail_followers": {"queue": "mail-bulk"},
    "accounts.contact.tasks.mail_staff": {"queue": "mail-urgent"},
    "movies.releases.tasks.send_reminder": {"queue": "mail-bulk"},
    "movies.diary.tasks.refresh_film": {"queue": "tmdb"},
    "movies.diary.tasks.bring_film": {"queue": "tmdb"},
    "movies.diary.tasks.look_at_changes": {"queue": "tmdb"},
    "movies.diary.tasks.look_for_openings": {"queue": "tmdb"},
    "movies.releases.tasks.take_sheet": {"queue": "imports"},
    "movies.imports.tasks.advance": {"queue": "imports"},
    "movies.sharing.tasks.paint_picture": {"queue": "media"},
    "movies.sharing.tasks.paint_poster": {"queue": "media"},
    "accounts.identity.tasks.mail_leaving": {"queue": "mail-urgent"},
    "mymovie.outbox.tasks.run_chore": {"queue": "tmdb"},
}
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a task whose worker is killed comes again …
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_LOST_WAIT = 2  # seconds until it is believed that a worker is lost
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = False  # … and so does one that raises; after three times it is a dead letter
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # what waits in a worker is invisible to others
CELERY_TASK_TIME_LIMIT = queues.TIME_LIMIT
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # SQS has no broadcast
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_IMPORTS = [
    "accounts.people.tasks",
    "accounts.contact.tasks",
    "movies.diary.tasks",
    "movies.releases.tasks",
    "movies.imports.tasks",
    "movies.sharing.tasks",
    "accounts.identity.tasks",
    "mymovie.outbox.tasks",
]

# Mail
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "anymail.backends.amazon_ses.EmailBackend")
MAIL_PER_SECOND = int(os.environ.get("MAIL_PER_SECOND", "14"))  # what SES lets us send
SES_CONFIGURATION_SET = os.environ.get("SES_CONFIGURATION_SET", "")
ANYMAIL = {
    "AMAZON_SES_CLIENT_PARAMS": {
        "region_name": AWS_REGION,
        # No tries of its own: a second one could be a second mail.
        "config": {"connect_timeout": 2, "read_timeout": 10, "retries": {"max_attempts": 0}},
    },
    "AMAZON_SES_CONFIGURATION_SET_NAME": SES_CONFIGURATION_SET or None,
}
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "mymovie@localhost")
MAIL_TO_STAFF = os.environ.get("MAIL_TO_STAFF", "staff@localhost")
# Whose word on what became of our mail we take: ARNs of SNS topics, with commas between.
MAIL_EVENTS_TOPICS = os.environ.get("MAIL_EVENTS_TOPICS", "").replace(",", " ").split()

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.identity.authentication.Bearer",
        "accounts.identity.authentication.SessionOfTheDocs",
    ],
    "DEFAULT_RENDERER_CLASSES": ["mymovie.rest.formats.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["mymovie.rest.formats.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "mymovie.rest.schema.Operation",
    "DEFAULT_METADATA_CLASS": None,  # what it would say of an address stands in the API's description
    "EXCEPTION_HANDLER": "mymovie.rest.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MyMovie",
    "VERSION": "1.2.0",
    "DESCRIPTION": "\n".join(
        (BASE_DIR / "mymovie" / "rest" / name).read_text() for name in ("introduction.md", "CHANGELOG.md")
    ),
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "VisibilityEnum": "accounts.people.models.Visibility",
        "StateEnum": "accounts.people.serializers.MailState",
        "ImportStateEnum": "movies.imports.models.Batch.State",
        "AudienceEnum": "movies.diary.models.Audience",
    },
}
# Sites of others whose scripts may use it; by token only, as cookies stay at home.
CORS_ALLOWED_ORIGINS = os.environ.get("CORS_ALLOWED_ORIGINS", "").replace(",", " ").split()
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
]
CORS_EXPOSE_HEADERS = ["etag", "ratelimit", "ratelimit-policy", "retry-after", "idempotency-replayed", "deprecation"]
CORS_PREFLIGHT_MAX_AGE = 60 * 60

# What is written down
_processors: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_keys,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOG_REQUESTS = is_on("LOG_REQUESTS")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "fields": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _processors,
            "processor": (
                structlog.processors.JSONRenderer()
                if os.environ.get("LOG_FORMAT", "json") == "json"
                else structlog.dev.ConsoleRenderer(colors=False)
            ),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "fields"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # httpx logs every address it asks for; what we ask TMDB is logged by our own client, without its words.
    # botocore tells of every client where it found its keys.
    "loggers": {"httpx": {"level": "WARNING"}, "botocore": {"level": "WARNING"}},
}
