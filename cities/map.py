"""The map of Italy, drawn here as SVG: it needs no script, no tiles and nobody else's server."""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise, product
from math import cos, hypot, radians, sin
from operator import itemgetter
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "italy-regions.geojson"

WEST, NORTH = 6.5, 47.2
SCALE = 67.7  # units a degree of latitude; a degree of longitude is shorter, as at 42.5° north
SCALE_EAST = SCALE * cos(radians(42.5))
LEFT, TOP, WIDTH, HEIGHT = -50, -16, 670, 744

MARKER = 11
LETTER, LINE = 12.5, 26  # a label's width a letter and its height, as large as phones show it
DIRECTIONS = (0, 180, -35, 35, 145, 215, -65, 65, 115, 245, -90, 90)
DISTANCES = (4, 14, 28, 45, 65, 90, 120, 155, 195)
LEADER_FROM = 14
MOST_NAMES = 60  # more find no room; the list beside the map has them all


@dataclass(frozen=True)
class Outline:
    """A region: its path and whether a city of the map lies in it."""

    path: str
    has_city: bool


@dataclass(frozen=True)
class Place:
    """A city's marker, its label (x, y, anchor) and, where that is far, the end of a line to it."""

    city: object
    x: int
    y: int
    label: tuple
    leader: tuple
    is_here: bool = False


@dataclass(frozen=True)
class MapDrawing:
    """What components/map.html shows."""

    outlines: list
    places: list
    fields: list
    view_box: str = f"{LEFT} {TOP} {WIDTH} {HEIGHT}"


def draw_map(cities, here=None):
    """Place `cities` on the map of Italy; `here` is the one whose page this is."""
    cities = [city for city in cities if None not in (city.longitude, city.latitude)]
    spots = tuple((str(city), *project(city.longitude, city.latitude)) for city in cities)
    places = [
        Place(city, x, y, label, leader, is_here=city == here)
        for city, (x, y, label, leader) in zip(cities, arrange(spots), strict=True)
    ]
    regions = {city.region for city in cities}
    outlines = [Outline(path, code in regions) for code, path in region_paths()]
    fields = {city.field.slug: city.field for city in cities if city.field}
    return MapDrawing(outlines, places, sorted(fields.values(), key=lambda each: each.order))


def project(longitude, latitude):
    """Degrees to units of the drawing."""
    return (float(longitude) - WEST) * SCALE_EAST, (NORTH - float(latitude)) * SCALE


@cache
def region_paths():
    """(ISTAT code, SVG path) of the twenty regions, on a grid of whole units.

    Neighbours share the points of their border, so both round alike and no gap opens.
    """
    paths = []
    for region in json.loads(SOURCE.read_text(encoding="utf-8"))["features"]:
        shape = region["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = [ring_path(ring) for polygon in polygons for ring in polygon]
        paths.append((region["properties"]["istat"], "".join(rings)))
    return tuple(paths)


def ring_path(ring):
    """A closed path of relative steps; islands too small for the grid vanish."""
    points = []
    for longitude, latitude in ring:
        point = tuple(round(value) for value in project(longitude, latitude))
        if len(points) > 1 and lies_between(points[-2], points[-1], point):
            points.pop()
        if not points or point != points[-1]:
            points.append(point)
    if len(points) < 4:
        return ""
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points[:-1]))
    return f"M{points[0][0]} {points[0][1]}l{steps.replace(' -', '-')}z"


def lies_between(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])


@lru_cache(maxsize=256)
def arrange(spots):
    """Where the markers and labels of (name, x, y) stand: (x, y, label, leader) of each.

    Labels go greedily, each to the nearest free place; of several orders the best result counts.
    """
    markers = push_apart([(x, y) for _, x, y in spots])
    if len(spots) > MOST_NAMES:
        return tuple((*marker, (), ()) for marker in markers)
    names = [name for name, _, _ in spots]
    indexes = range(len(spots))
    orders = (
        sorted(indexes, key=lambda i: -sum(hypot(*apart(markers[i], m)) < 70 for m in markers)),
        sorted(indexes, key=lambda i: markers[i][0]),
        sorted(indexes, key=lambda i: -markers[i][0]),
        sorted(indexes, key=lambda i: markers[i][1]),
        sorted(indexes, key=lambda i: -markers[i][1]),
    )
    _, labels = min((place_labels(names, markers, order) for order in orders), key=itemgetter(0))
    return tuple((*markers[i], *labels.get(i, ((), ()))) for i in indexes)


def push_apart(points):
    """Move markers that hide each other the little way until all can be seen and hit."""
    wanted = 2 * MARKER + 2
    points = [list(point) for point in points]
    near = [pair for pair in combinations(points, 2) if hypot(*apart(*pair)) < 4 * wanted]
    for one, other in near * 40:
        dx, dy = apart(one, other)
        distance = hypot(dx, dy)
        if distance < wanted:
            dx, dy = (dx / distance, dy / distance) if distance else (1, 0)
            push = (wanted - distance) / 2
            one[:] = one[0] - dx * push, one[1] - dy * push
            other[:] = other[0] + dx * push, other[1] + dy * push
    return [(round(x), round(y)) for x, y in points]


def place_labels(names, markers, order):
    """(how bad, {index: (label, leader)}) when labels are placed in this order."""
    boxes = {
        i: (x - MARKER, y - MARKER, x + MARKER, y + MARKER) for i, (x, y) in enumerate(markers)
    }
    placed, taken, lines, cost = {}, [], [], 0
    for i in order:
        barriers = [box for j, box in boxes.items() if j != i] + taken
        for distance, direction in product(DISTANCES, DIRECTIONS):
            label, box = label_at(names[i], markers[i], distance, direction)
            line = (markers[i], label[:2])
            if (
                is_inside(box)
                and not any(overlap(box, each) or crosses(line, each) for each in barriers)
                and not any(crosses(each, box) or meets(line, each) for each in lines)
            ):
                placed[i] = label, label[:2] if distance >= LEADER_FROM else ()
                taken.append(box)
                lines.append(line)
                cost += distance
                break
        else:
            cost += 1000
    return cost, placed


def apart(one, other):
    return other[0] - one[0], other[1] - one[1]


def label_at(name, marker, distance, direction):
    """A label (x, y, anchor) in a direction and distance from its marker, and the box it fills."""
    reach, angle = MARKER + distance, radians(direction)
    x, y = round(marker[0] + reach * cos(angle)), round(marker[1] + reach * sin(angle))
    width = len(name) * LETTER
    if abs(cos(angle)) < 0.3:
        y += LINE // 2 * (1 if sin(angle) > 0 else -1)
        anchor, left = "middle", x - width / 2
    else:
        anchor, left = ("start", x) if cos(angle) > 0 else ("end", x - width)
    return (x, y, anchor), (left, y - LINE / 2, left + width, y + LINE / 2)


def is_inside(box):
    return box[0] >= LEFT and box[1] >= TOP and box[2] <= LEFT + WIDTH and box[3] <= TOP + HEIGHT


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(line, box):
    """Whether a line touches a box: tried at points along it, which is enough for labels."""
    (x1, y1), (x2, y2) = line
    return any(
        box[0] < x1 + (x2 - x1) * step / 12 < box[2]
        and box[1] < y1 + (y2 - y1) * step / 12 < box[3]
        for step in range(1, 12)
    )


def meets(one, other):
    """Whether two lines cross."""

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0

    (a, b), (c, d) = one, other
    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)
