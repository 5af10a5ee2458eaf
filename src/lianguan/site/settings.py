"""Django's settings. The public's pages are made from the catalogue; what people do stands in
Django's database."""

import os
import sys
from pathlib import Path

import sqlcipher3
from sqlcipher3 import dbapi2

from lianguan.site.database import VARIABLE, database
from lianguan.site.kept import digest
from lianguan.site.secret import secret

# One SQLite everywhere, and it is ours (docs/decisions/0004). Django looks for it by this name.
sys.modules["sqlite3"] = sqlcipher3
sys.modules["sqlite3.dbapi2"] = dbapi2

DATA = Path(os.environ.get("LIANGUAN_DATA", "var"))

SECRET_KEY = os.environ.get("LIANGUAN_SECRET") or secret(DATA)
DEBUG = False
HOSTS_SAID = os.environ.get("LIANGUAN_HOSTS", "")
ALLOWED_HOSTS = (HOSTS_SAID or "127.0.0.1 localhost [::1] testserver").split()
ROOT_URLCONF = "lianguan.site.urls"
WSGI_APPLICATION = "lianguan.site.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "lianguan.journal",
    "lianguan.network",
    "lianguan.catalogue",
    "lianguan.discovery",
    "lianguan.site",
]
MIDDLEWARE = [
    "lianguan.site.middleware.Packed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianguan.site.middleware.policy",
    "lianguan.site.middleware.safe_cookies",
    "lianguan.site.middleware.reader_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lianguan.site.middleware.wrong_method",
    "lianguan.site.taking.Taking",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "lianguan.site.middleware.pages",
                "lianguan.network.seats.pages",
                "lianguan.site.first.pages",
            ]
        },
    }
]
DATABASES = {"default": database(DATA, os.environ.get(VARIABLE, ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "network.Staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in", "name")},
    },
]
LOGIN_URL = "network:sign_in"

SESSION_ENGINE = "lianguan.network.sessions"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 12 * 3600  # a day at work, and gone when the browser is closed
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "lianguan.network.views.form_too_old"
# What a web server in front says; `safe_cookies` makes cookies of such pages secure.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20  # of a form without its files
FILE_UPLOAD_HANDLERS = ["lianguan.site.taking.NoFiles"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a list of a thousand places with kind and code of each

# The address says what is in the files, so browsers keep them for good; `earlier` leads on.
STATIC_URL = f"/static/{digest()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = "."
LANGUAGE_CODE = "zh-hans"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.csrf": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
