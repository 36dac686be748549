"""What pages are made with: code, templates, words, and settings. Where it changes, so do pages."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings

READ = {".py", ".html", ".txt", ".xml", ".svg", ".mo", ".json"}


@cache
def fingerprint():
    """A digest of all that, the same wherever the same code runs with the same settings."""
    root = Path(settings.BASE_DIR)
    rooms = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == root]
    digest = sha256()
    for folder in [*sorted(rooms), root / "templates", root / "locale"]:
        for path in sorted(each for each in folder.rglob("*") if each.suffix in READ):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    for path in [root / "uv.lock", Path(settings.STATIC_ROOT) / "staticfiles.json"]:
        digest.update(path.read_bytes() if path.exists() else b"")
    for name in sorted(dir(settings)):
        value = repr(getattr(settings, name)) if name.isupper() else ""
        digest.update(f"{name}={value}".encode() if " at 0x" not in value else b"")
    return digest.hexdigest()[:20]
