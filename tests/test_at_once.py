"""What is composed once for all visitors says, hour by hour, what it would say composed anew."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from cities.at_once import at_once, union_of, words_of
from cities.models import City
from cities.page_parts import city_at_once, hosted_at_once
from network.home import coming_at_once, shown_at_once
from news.models import NewsItem
from projects.kin import kin_at_once
from projects.parts_on_page import parts_at_once, project_at_once
from projects.shown import cards_at_once, cards_of
from tests import make

pytestmark = pytest.mark.django_db

BY_DAY = [
    (shown_at_once, {}),
    (city_at_once, {"slug": "torino"}),
    (project_at_once, {"slug": "carta"}),
    (parts_at_once, {"project": 1, "lead": 1}),
    (kin_at_once, {"project": 1, "lead": 1}),
    (cards_at_once, {"key_0": 1}),
]


@pytest.mark.parametrize(
    ("asked", "values"), BY_DAY, ids=lambda each: getattr(each, "__name__", "")
)
def test_no_question_that_is_kept_for_the_day_names_the_hour(asked, values):
    words = []
    for hour in ("00:00:01", "23:59:58"):
        with time_machine.travel(f"2026-11-23T{hour}+01:00", tick=False):
            words.append(words_of(union_of(asked.__wrapped__(AnonymousUser(), **values))))
    assert words[0] == words[1]


def test_another_day_is_another_question(fabriano):
    make.news_item(title="Domani", published_on=date(2026, 11, 24))
    told = []
    for day in (23, 24):
        with time_machine.travel(f"2026-11-{day}T12:00:00+01:00"):
            told.append(len(shown_at_once(AnonymousUser())["news"]))
    assert told == [0, 1]


def test_a_meeting_is_over_with_the_second(fabriano):
    with time_machine.travel("2026-11-23T09:00:00+01:00"):
        meeting = make.meeting(
            host=fabriano,
            starts_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
            ends_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
            precision="time",
        )
    seen = []
    for moment in ("10:59:59", "11:00:01"):
        with time_machine.travel(f"2026-11-23T{moment}+01:00", tick=False):
            coming = coming_at_once(AnonymousUser())["meetings"]
            hosted = hosted_at_once(AnonymousUser(), city=fabriano.pk)["meetings"]
            seen.append((coming == [meeting], hosted == [meeting]))
    assert seen == [(True, False), (False, True)]


def test_each_city_gets_its_own_answer_and_each_language_its_own_order(fabriano, parma):
    for city in (fabriano, parma):
        make.project(lead=city, status="published", title_it=f"Di {city}")
        found = city_at_once(AnonymousUser(), slug=city.slug)
        assert (found["city"], [str(each) for each in found["projects"]]) == (
            [city],
            [f"Di {city}"],
        )
    City.objects.filter(pk=fabriano.pk).update(name_en="Zed")
    for language, names in [("it", ["Fabriano", "Parma"]), ("en", ["Parma", "Zed"])]:
        with translation.override(language):
            network = city_at_once(AnonymousUser(), slug="parma")["network"]
            assert [each.name for each in network] == names


def test_what_is_asked_at_once_is_what_the_rows_say(fabriano):
    item = make.news_item(title="Oggi", published_on=date(2026, 11, 1))
    (found,) = at_once(news=NewsItem.objects.all())["news"]
    item.refresh_from_db()
    assert found == item
    assert (found.published_on, found.is_published, found.picture.name, found._state.adding) == (
        date(2026, 11, 1),
        True,
        "",
        False,
    )


def test_cards_come_in_the_order_of_their_keys_with_city_and_fields(
    fabriano, parma, django_assert_num_queries
):
    first = make.project(lead=fabriano, status="published", fields=["music", "design"])
    second = make.project(lead=parma, status="published")
    with django_assert_num_queries(1):
        cards = cards_of([second.pk, first.pk])
        shown = [(card, card.lead.name, len(card.fields.all()), card.title) for card in cards]
    assert shown == [(second, "Parma", 0, second.title), (first, "Fabriano", 2, first.title)]
