from django.conf import settings


def portal(request):
    """What every page knows: its owner and its address."""
    return {"owner": settings.OWNER, "site_url": settings.SITE_URL}
