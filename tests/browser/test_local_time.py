"""The hour of a meeting where the reader's clock shows another one than Italy's."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
ROME = ZoneInfo("Europe/Rome")


def told(window, meeting, zone):
    page = window(timezone_id=zone, locale="en-GB")
    page.goto(f"/en/meetings/{meeting.slug}/")
    place = page.locator("[data-local-time]")
    return place.inner_text() if place.is_visible() else None


def test_whoever_reads_in_another_zone_sees_their_own_hour_too(window):
    meeting = make.meeting(starts_at=datetime(2027, 7, 1, 10, tzinfo=ROME))
    assert told(window, meeting, "Europe/Rome") is None
    assert told(window, meeting, "Europe/Paris") is None  # another zone with the same hour
    assert told(window, meeting, "America/New_York") == "04:00 – 07:00 where you are (New York)"


def test_the_hours_between_are_those_of_that_day(window):
    """Between the second Sunday of March and the last one New York is an hour nearer."""
    meeting = make.meeting(starts_at=datetime(2027, 3, 20, 10, tzinfo=ROME))
    assert told(window, meeting, "America/New_York") == "05:00 – 08:00 where you are (New York)"


def test_another_day_is_named(window):
    meeting = make.meeting(starts_at=datetime(2027, 7, 1, 19, tzinfo=ROME))
    shown = told(window, meeting, "Asia/Tokyo")
    assert shown == "Friday 2 July, 02:00 – 05:00 where you are (Tokyo)"
