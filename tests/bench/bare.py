"""What everything is compared with: a new Django project with one view that answers 30 KB of text.

`granian --interface wsgi tests.bench.bare:application`. The middleware is what `startproject` of
Django 6.1 writes; no database is asked, no template is rendered.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

TEXT = "The bare view answers with this line, again and again, until it is long enough.\n"
BYTES = 30_000

settings.configure(
    SECRET_KEY="for nothing but this measure",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)


def bare(request):
    """30 KB of plain text."""
    return HttpResponse((TEXT * (BYTES // len(TEXT) + 1))[:BYTES])


urlpatterns = [path("", bare, name="bare")]
application = get_wsgi_application()
