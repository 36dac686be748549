"""Governance over time, drawn here as SVG: who led, supported and hosted, from when until when."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cities.models import MandateRole

WIDTH, LEFT, TOP = 960, 24, 40
ROW, BAR = 48, 36
LETTER = 9.5  # the usual width of a letter in a bar


@dataclass(frozen=True)
class Bar:
    """A term of office on the drawing."""

    mandate: object
    x: int
    y: int
    width: int

    @property
    def label_fits(self):
        return self.width > len(str(self.mandate.city)) * LETTER + 24


@dataclass(frozen=True)
class TimelineDrawing:
    """What components/timeline.html shows."""

    bars: list
    years: list  # (year, x)
    today: int | None
    height: int
    width: int = WIDTH


def draw_timeline(mandates, today=None):
    """Place the terms on a scale of years, one row for every city and task."""
    today = today or timezone.localdate()
    order = list(MandateRole.values)
    mandates = sorted(mandates, key=lambda each: (order.index(each.role), each.starts_on, each.pk))
    if not mandates:
        return TimelineDrawing([], [], None, 0)
    first = min(each.starts_on.year for each in mandates)
    last = max(today.year, *((each.ends_on or today).year for each in mandates))
    unit = (WIDTH - 2 * LEFT) / (last + 1 - first)

    def x(day):
        part = (day - date(day.year, 1, 1)).days / 366
        return round(LEFT + (day.year - first + part) * unit)

    bars, rows = [], []
    for mandate in mandates:
        start, end = x(mandate.starts_on), x(mandate.ends_on or date(last, 12, 31))
        row = free_row(rows, mandate.role, start)
        rows[row] = (mandate.role, end)
        bars.append(Bar(mandate, start, TOP + row * ROW + (ROW - BAR) // 2, end - start))
    years = [(year, x(date(year, 1, 1))) for year in range(first, last + 1)]
    return TimelineDrawing(bars, years, x(today), TOP + len(rows) * ROW + 8)


def free_row(rows, role, start):
    """The first row of this task that is free from `start` on; a new one where none is."""
    for number, (kind, end) in enumerate(rows):
        if kind == role and end <= start:
            return number
    rows.append((role, 0))
    return len(rows) - 1
