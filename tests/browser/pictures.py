"""Take the pictures of the README and of the guides, with the demonstration: `make pictures`."""

import io
from datetime import timedelta

from django.conf import settings as portal
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from meetings.models import Meeting

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
    take_meetings(admin, window, let_in, coordinator)


def take_meetings(admin, window, let_in, coordinator):
    """A meeting from its agenda to its decisions, as docs/coordinators.md tells it."""
    drafted, convened, circulated = (
        Meeting.objects.get(is_demo=True, status=status)
        for status in ("draft", "convened", "circulated")
    )
    item = circulated.agenda.first()
    admin.evaluate("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")
    of_meetings = {
        "meeting-steps": ("meetings_meeting_change", [drafted.pk]),
        "meeting-invite": ("meeting_invite", [convened.pk]),
        "meeting-answers": ("meeting_answers", [convened.pk]),
        "meeting-amendments": ("meeting_amendments", [circulated.pk]),
    }
    for name, (page, keys) in of_meetings.items():
        take(name, admin, reverse(f"admin:{page}", args=keys))
    # Nobody notes who is there three weeks before, nor writes minutes that are with their readers.
    convened.starts_at = timezone.now()
    convened.ends_at = convened.starts_at + timedelta(hours=6)
    convened.proposals.all().delete()
    convened.save()
    convened.invitations.filter(answer="in_person").update(attendance="present")
    Meeting.objects.filter(pk=circulated.pk).update(status="held")
    take("meeting-write", admin, reverse("admin:section_write", args=[circulated.pk, item.pk]))
    phone = window(viewport=PHONE, device_scale_factor=2, is_mobile=True)
    let_in(phone, coordinator)
    sheet = reverse("admin:meeting_attendance", args=[convened.pk])
    take("meeting-attendance", phone, sheet, at=".sheet")
    take("decisions", window(viewport=DESK), "/en/decisions/")


def take(name, page, path, *, at=None):
    """Keep what the window shows, from `at` on if told, in 256 colours, so that the repository
    stays small."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    if at:
        page.locator(at).first.evaluate("thing => thing.scrollIntoView()")
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(256).save(PICTURES / f"{name}.png", optimize=True)
