"""Django's settings. The public's pages are made from the catalogue; what people do stands in
Django's database."""

import os
import secrets
import sys
from pathlib import Path

import sqlcipher3
from sqlcipher3 import dbapi2

# One SQLite everywhere, and it is ours (docs/decisions/0004). Django looks for it by this name.
sys.modules["sqlite3"] = sqlcipher3
sys.modules["sqlite3.dbapi2"] = dbapi2

DATA = Path(os.environ.get("LIANGUAN_DATA", "var"))

SECRET_KEY = os.environ.get("LIANGUAN_SECRET") or secrets.token_urlsafe(40)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LIANGUAN_HOSTS", "127.0.0.1 localhost [::1] testserver").split()
ROOT_URLCONF = "lianguan.site.urls"
WSGI_APPLICATION = "lianguan.site.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "lianguan.journal",
    "lianguan.discovery",
    "lianguan.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianguan.site.middleware.policy",
    "lianguan.site.middleware.reader_language",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["lianguan.site.middleware.pages"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "people.sqlite",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
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
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
