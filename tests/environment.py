"""A pytest plugin that gives every run the same environment, whatever the machine and its .env say.

It is loaded by name (see pyproject.toml) before the settings are, once in each pytest worker.
DATABASE_URL alone may be given from outside.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import environ

environ.Env.read_env = classmethod(lambda cls, *args, **kwargs: None)

DATA_DIR = Path(tempfile.mkdtemp(prefix="portal-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
(DATA_DIR / "static").mkdir()

os.environ |= {
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "CACHE_URL": "locmemcache://",
    "COORDINATORS_NEED_MFA": "on",
    "DATA_DIR": str(DATA_DIR),
    "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{DATA_DIR}/portal.sqlite3"),
    "DEBUG": "off",
    "HSTS_SECONDS": "0",
    "LIMITS": "0",
    "LOG_LEVEL": "ERROR",
    "MAIL_URL": "memorymail://",
    "SECRET_KEY": "a key for tests, which everyone may know",
    "SITE_URL": "http://testserver",
    "SSL_REDIRECT": "off",
    "STATIC_ROOT": str(DATA_DIR / "static"),
}


def pytest_configure():
    """Spare the tests what only production needs: collected static files and slow passwords."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
