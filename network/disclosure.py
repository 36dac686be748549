"""How people who find a weakness tell us: for programs in security.txt, for people on a page."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from journal.public_pages import public_page

GOOD_FOR = timedelta(days=180)  # from when it is written, which is at most a week ago


@public_page()
@require_safe
def security(request):
    """What to write, to whom, what we ask and what we promise."""
    return render(request, "network/security.html", {"contact": settings.SECURITY_EMAIL})


@public_page()
@require_safe
def security_txt(request):
    """The same as RFC 9116 has it: Expires in less than a year (2.5.5), the order is free."""
    until = datetime.combine(timezone.now() + GOOD_FOR, time(), UTC)
    page = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            page[language] = settings.SITE_URL + reverse("security")
    contact = f"mailto:{settings.SECURITY_EMAIL}" if settings.SECURITY_EMAIL else page["it"]
    lines = [
        f"Contact: {contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(page)}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        *(f"Policy: {address}" for address in page.values()),
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
