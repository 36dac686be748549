"""Results as figures and drawings: what was measured, and how it went on, as SVG made here."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 400, 210  # of a phone's breadth, so that letters stay large there
LEFT, RIGHT, TOP, BOTTOM = 28, 372, 44, 168
ROW, BAR = 52, 20
MOST_LABELS = 5


@dataclass(frozen=True)
class Indicator:
    """What was measured, all its values with their days, the latest last."""

    name: str
    unit: str
    results: list

    @property
    def latest(self):
        return self.results[-1]

    @property
    def is_series(self):
        return len({each.measured_on for each in self.results}) > 1


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    figure: str
    day: date
    anchor: str
    is_named: bool


@dataclass(frozen=True)
class Series:
    """How one indicator went on over time."""

    heading: str
    label: str
    points: list
    kind: str = "series"
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = BOTTOM

    @property
    def line(self):
        return " ".join(f"{each.x},{each.y}" for each in self.points)

    @property
    def area(self):
        first, last = self.points[0], self.points[-1]
        return f"{first.x},{BOTTOM} {self.line} {last.x},{BOTTOM}"


@dataclass(frozen=True)
class Bar:
    name: str
    figure: str
    y: int
    width: int


@dataclass(frozen=True)
class Bars:
    """Indicators of one unit, side by side."""

    heading: str
    label: str
    bars: list
    kind: str = "bars"
    width: int = WIDTH
    thickness: int = BAR

    @property
    def height(self):
        return len(self.bars) * ROW + 4


def indicators_of(results):
    """The results by what was measured, in the order in which it was first told."""
    found = {}
    for result in results:
        result.figure = written(result.value)
        found.setdefault((result.name, result.unit), []).append(result)
    return [
        Indicator(name, unit, sorted(rows, key=lambda each: (each.measured_on, each.pk)))
        for (name, unit), rows in found.items()
    ]


def charts_of(indicators):
    """A line for each that was measured on several days; bars for the others that share a unit.

    One number alone, or numbers of different things, are no chart: the figures tell them.
    """
    charts = [draw_series(each) for each in indicators if each.is_series]
    by_unit = {}
    for each in indicators:
        if not each.is_series and each.unit:
            by_unit.setdefault(each.unit, []).append(each)
    return charts + [draw_bars(unit, some) for unit, some in by_unit.items() if len(some) > 1]


def draw_series(indicator):
    results = indicator.results
    first, last = results[0].measured_on, results[-1].measured_on
    values = [each.value for each in results]
    lowest, highest = min(0, *values), max(0, *values)
    points = []
    for place, each in enumerate(results):
        along = (each.measured_on - first).days / (last - first).days
        is_end = place in (0, len(results) - 1)
        anchor = ("start" if place == 0 else "end") if is_end else "middle"
        is_named = is_end or len(results) <= MOST_LABELS
        x, y = round(LEFT + (RIGHT - LEFT) * along), height_of(each.value, lowest, highest)
        points.append(Point(x, y, each.figure, each.measured_on, anchor, is_named))
    label = _("%(name)s: from %(first)s on %(start)s to %(last)s on %(end)s") % {
        "name": indicator.name,
        "first": results[0].figure,
        "start": date_format(first, "DATE_FORMAT"),
        "last": results[-1].figure,
        "end": date_format(last, "DATE_FORMAT"),
    }
    return Series(headed(indicator.name, indicator.unit), label, points)


def height_of(value, lowest, highest):
    if highest == lowest:
        return BOTTOM
    return round(BOTTOM - (BOTTOM - TOP) * float((value - lowest) / (highest - lowest)))


def draw_bars(unit, indicators):
    highest = max(each.latest.value for each in indicators)
    bars = []
    for place, each in enumerate(indicators):
        part = max(each.latest.value, 0) / highest if highest > 0 else 0
        width = max(2, round(WIDTH * float(part)))
        bars.append(Bar(each.name, each.latest.figure, place * ROW, width))
    label = ", ".join(f"{each.name}: {each.figure}" for each in bars)
    return Bars(unit.capitalize(), label, bars)


def headed(name, unit):
    return f"{name} ({unit})" if unit else name


def written(value):
    """A number as the reader writes it, without zeros that say nothing."""
    places = max(0, -value.normalize().as_tuple().exponent)
    return number_format(value, places, use_l10n=True, force_grouping=True)
