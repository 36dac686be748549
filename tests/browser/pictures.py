"""Take the README's pictures of the portal with its demonstration: `make pictures`."""

import io

from django.conf import settings as portal
from django.core.management import call_command
from PIL import Image

from accounts.models import User

PICTURES = portal.BASE_DIR / "docs" / "pictures"
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 720}


def test_take_the_pictures(window, let_in, settings):
    settings.COORDINATORS_NEED_MFA = False
    call_command("load_network")
    call_command("load_demo", force=True)

    take("home", window(viewport=DESK), "/en/")
    take("city", window(viewport=DESK), "/en/cities/parma/")
    take("phone", window(viewport=PHONE, device_scale_factor=2, is_mobile=True), "/en/projects/")

    coordinator = User.objects.coordinators().first()
    coordinator.language = "en"
    coordinator.save()
    admin = window(viewport=DESK)
    let_in(admin, coordinator)
    take("admin", admin, "/admin/")


def take(name, page, path):
    """Keep what the window shows, in 256 colours, so that the repository stays small."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(256).save(PICTURES / f"{name}.png", optimize=True)
