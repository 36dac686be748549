"""The map of Italy and the timeline of governance, as drawings."""

import json
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from cities.map import MARKER, MOST_NAMES, draw_map, overlap, region_paths
from cities.models import City, Mandate
from cities.timeline import draw_timeline
from tests import make

DATA = Path(__file__).parent.parent / "cities" / "data" / "cities.json"


@pytest.fixture
def sixteen(db):
    files = json.loads(DATA.read_text(encoding="utf-8"))
    records = next(each["records"] for each in files if each["model"] == "cities.City")
    for record in records:
        known = record["fields"]
        make.city(
            name=known["name_it"],
            slug=known["slug"],
            latitude=str(known["latitude"]),
            longitude=str(known["longitude"]),
        )
    return list(City.objects.with_field())


def box_of(place):
    x, y, anchor = place.label
    width = len(place.city.name) * 12
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return left, y - 12, left + width, y + 12


def test_every_city_has_a_marker_and_a_label_and_none_hides_another(sixteen):
    places = draw_map(sixteen).places
    assert len(places) == 16
    assert all(place.label for place in places)
    for one, other in combinations(places, 2):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (2 * MARKER) ** 2
        assert not overlap(box_of(one), box_of(other)), (one.city, other.city)


def test_where_names_find_no_room_the_markers_stand_alone_and_still_tell_theirs(sixteen):
    cities = [
        City(
            pk=n, name_it=f"Borgo {n}", slug=f"b{n}", latitude=38 + n % 40 / 6, longitude=8 + n / 50
        )
        for n in range(MOST_NAMES + 1)
    ]
    assert all(place.label for place in draw_map(sixteen).places)
    drawing = draw_map(cities)
    assert [place.label for place in drawing.places] == [()] * len(cities)
    html = render_to_string("components/map.html", {"map": drawing})
    assert html.count("<text") == 0
    assert html.count('aria-label="Borgo ') == len(cities)


def test_the_map_tells_each_citys_name_and_field_and_leads_to_its_page(parma):
    parma.latitude, parma.longitude = "44.8015", "10.3279"
    html = render_to_string("components/map.html", {"map": draw_map([parma])})
    assert f'href="{parma.get_absolute_url()}" aria-label="Parma, {parma.field}"' in html
    assert 'class="map__city field--gastronomy"' in html
    assert "style=" not in html


def test_the_whole_map_stays_small(sixteen):
    html = render_to_string("components/map.html", {"map": draw_map(sixteen)})
    assert len(html) < 25_000


def test_a_region_is_tinted_when_one_of_its_cities_is_on_the_map(parma):
    parma.latitude, parma.longitude = "44.8015", "10.3279"
    codes = [code for code, _ in region_paths()]
    tinted = [outline.has_city for outline in draw_map([parma]).outlines]
    assert len(codes) == 20
    assert [code for code, yes in zip(codes, tinted, strict=True) if yes] == ["08"]


def test_a_city_whose_place_is_not_known_is_left_out(parma):
    parma.latitude = None
    assert draw_map([parma]).places == []


def test_terms_of_one_task_follow_each_other_in_a_row_and_overlapping_ones_lie_below(
    fabriano, parma
):
    make.mandate(city=fabriano, starts_on=date(2020, 10, 1), ends_on=date(2024, 12, 31))
    make.mandate(city=parma, starts_on=date(2025, 1, 1), ends_on=date(2027, 12, 31))
    for city in (fabriano, parma):
        make.mandate(
            city=city, role="support", starts_on=date(2020, 10, 1), ends_on=date(2024, 12, 31)
        )
    drawing = draw_timeline(Mandate.objects.select_related("city"), today=date(2026, 11, 22))
    first, second, below, lowest = drawing.bars
    assert first.y == second.y < below.y < lowest.y
    assert first.x + first.width <= second.x
    assert [year for year, _ in drawing.years] == list(range(2020, 2028))


def test_without_terms_there_is_no_timeline(db):
    assert (
        render_to_string("components/timeline.html", {"timeline": draw_timeline([])}).strip() == ""
    )
