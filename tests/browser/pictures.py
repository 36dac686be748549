"""Take the README's pictures of the portal with its demonstration: `make pictures`."""

import io

import pytest
from django.conf import settings as portal
from django.core.management import call_command
from PIL import Image

from accounts.models import User

PICTURES = portal.BASE_DIR / "docs" / "pictures"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def demonstration(transactional_db, settings):
    """The real network and the demonstration, with a coordinator who needs no second factor."""
    settings.COORDINATORS_NEED_MFA = False
    call_command("load_network")
    call_command("load_demo", force=True)


@pytest.mark.parametrize(
    ("name", "path", "viewport"),
    [
        ("home", "/it/", DESK),
        ("phone", "/it/", PHONE),
        ("city", "/it/citta/fabriano/", DESK),
        ("projects", "/it/progetti/", DESK),
    ],
)
def test_public_page(demonstration, window, name, path, viewport):
    page = window(viewport=viewport, device_scale_factor=2)
    page.goto(path)
    save(page, name)


def test_project(demonstration, window):
    page = window(viewport=DESK, device_scale_factor=2)
    page.goto("/it/progetti/")
    page.goto(page.locator("main article a").first.get_attribute("href"))
    save(page, "project")


def test_admin(demonstration, window, let_in):
    page = window(viewport=DESK, device_scale_factor=2)
    let_in(page, User.objects.coordinators().first())
    page.goto("/admin/")
    save(page, "admin")


def save(page, name):
    """Keep what the window shows, small enough for a repository."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.thumbnail((1280, 1480))
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture.save(PICTURES / f"{name}.webp", quality=82, method=6)
