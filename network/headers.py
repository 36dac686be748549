"""What every answer says of itself besides its words: which of a browser's powers it may use, and
who may show it. HSTS, nosniff, COOP and Referrer-Policy come from Django's SecurityMiddleware, the
content security policy from its own, both by settings.

A constant needs no library. Trusted types are not asked for: the editor and the admin's own scripts
write HTML, and the policy lets no foreign script in that could.
"""

from django.conf import settings
from django.utils.csp import CSP, build_policy


def content_policy(*, pictures, forms, https):
    """The content security policy: nothing from elsewhere, nothing inline. The nonce is for the
    editor's import map alone, and in the policy only where a page asks for it.

    pictures, forms: from which other hosts pictures come, and to which forms may lead in the end.
    """
    return {
        "default-src": [CSP.NONE],
        "script-src": [CSP.SELF, CSP.NONCE],
        "style-src": [CSP.SELF],
        "font-src": [CSP.SELF],
        "img-src": [CSP.SELF, "data:", "blob:", *pictures],
        "connect-src": [CSP.SELF],
        "manifest-src": [CSP.SELF],
        "frame-src": [CSP.SELF],
        "object-src": [CSP.NONE],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.SELF, *forms],
        "frame-ancestors": [CSP.NONE],
        "upgrade-insecure-requests": https,
    }


# https://www.w3.org/TR/permissions-policy/ and its registry. What the portal uses is for passkeys
# and the button that copies; everything else is off, whatever a library would like.
USED = ["clipboard-write", "publickey-credentials-create", "publickey-credentials-get"]
UNUSED = [
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "compute-pressure",
    "digital-credentials-get", "display-capture", "encrypted-media", "fullscreen", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts",
    "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "window-management",
    "xr-spatial-tracking",
]  # fmt: skip
PERMISSIONS = ", ".join([f"{name}=(self)" for name in USED] + [f"{name}=()" for name in UNUSED])
# What people uploaded is looked at, never run, even if it were opened by itself.
UPLOADED = build_policy({"default-src": [CSP.NONE], "frame-ancestors": [CSP.NONE], "sandbox": True})


class Headers:
    """Gives an answer the headers that it has not given itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_upload = request.path_info.startswith(settings.MEDIA_URL)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        for_all = is_upload or is_for_all(request, response)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if for_all else "same-origin"
        )
        if is_upload:
            response.headers.setdefault("Content-Security-Policy", UPLOADED)
        if begins_or_ends_session(request, response):
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


def begins_or_ends_session(request, response):
    """Whether what this browser has seen was for somebody else: neither its cache nor the pages
    that it holds for the back button may show it again (W3C, Clear Site Data, section 3.1)."""
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie is not None and cookie.value != request.COOKIES.get(
        settings.SESSION_COOKIE_NAME, ""
    )


def is_for_all(request, response):
    """Whether other people's pages may show this: static files, cards in frames, open data."""
    return (
        request.path_info.startswith(settings.STATIC_URL)
        or getattr(response, "xframe_options_exempt", False)
        or response.headers.get("Access-Control-Allow-Origin") == "*"
    )
