"""What the demonstration shows: labelled, made by the verbs; and that it goes again."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from cities.models import City
from journal.models import Event, Notification
from meetings.models import Action, Decision, Meeting
from news.models import NewsItem
from projects.models import Project
from projects.partnerships import Partnership
from tests import make
from tests.markup import Page

User = get_user_model()
pytestmark = pytest.mark.django_db


def test_its_people_have_the_parts_that_the_network_has(demo):
    def who(email):
        return User.objects.get(email=f"{email}@example.org")

    assert who("coordinamento").is_coordinator
    assert who("osservatore").is_observer
    assert City.objects.served_by(who("torino")).get().slug == "torino"
    assert who("politica.parma").delegates.get().role == "political"
    assert not City.objects.served_by(who("montelume")).get().is_member


def test_everything_that_people_see_of_it_is_labelled(demo):
    for model in (Project, NewsItem, Meeting, City):
        loaded = set(apps.get_model("journal.LoadedRecord").objects.values_list("key", flat=True))
        for thing in model.objects.filter(is_demo=False):
            assert f"{model._meta.label_lower}:{thing.slug}" in loaded


def test_every_link_to_it_wears_its_label(demo, client):
    things = {
        thing.get_absolute_url(): thing
        for model in (Project, NewsItem, Meeting)
        for thing in model.objects.visible_to(AnonymousUser()).filter(is_demo=True)
    }
    cities = [city.get_absolute_url() for city in City.objects.members()]
    actions, decisions = (
        {
            part.get_absolute_url()
            for part in model.objects.visible_to(AnonymousUser()).filter(meeting__is_demo=True)
        }
        for model in (Action, Decision)
    )
    lists = [reverse(name) for name in ("home", "project_list", "meeting_list", "news_list")]
    labelled = things.keys() | actions
    # Where a decision does not stand alone, its meeting beside it wears the label.
    for address in [*lists, *cities, *things]:
        page = Page(client.get(address).text)
        links = [
            link
            for link in page.all("a")
            if "main" in link.parents
            and link["href"] in (labelled | decisions if address in cities else labelled)
        ]
        labels = [span for span in page.all("span") if "tag--demo" in (span["class"] or "")]
        assert len(labels) == len(links) + (address in things), address


def test_readers_of_feeds_and_calendars_see_its_label_too(demo, client):
    meeting = Meeting.objects.visible_to(AnonymousUser()).filter(is_demo=True).first()
    for address in (reverse("news_feed"), reverse("meeting_calendar", args=[meeting.slug])):
        assert "Dimostrazione: " in client.get(address).text


def test_projects_stand_in_every_status(demo):
    statuses = Project.objects.filter(is_demo=True).values_list("status", flat=True)
    assert set(statuses) == {"draft", "submitted", "published", "archived", "withdrawn"}
    assert list(statuses).count("published") >= 8


def test_a_project_sent_back_carries_its_comment_to_its_city(demo):
    event = Event.objects.get(verb="send_back")
    assert event.target.status == "draft"
    assert event.comment.startswith("Bella idea")
    assert Notification.objects.filter(event=event, user__email="parma@example.org").exists()


def test_partnerships_stand_in_every_way(demo):
    answers = Partnership.objects.filter(project__is_demo=True)
    assert set(answers.values_list("status", flat=True)) == {
        "invited",
        "asking",
        "accepted",
        "declined",
        "refused",
        "left",
    }
    assert set(answers.accepted().values_list("may_edit", flat=True)) == {True, False}
    for each in answers.filter(status__in=["declined", "left"]):
        assert each.reason
        assert each.asked_at < each.answered_at < timezone.now()


def test_a_city_finds_what_waits_for_it(demo):
    torino = User.objects.get(email="torino@example.org")
    assert Partnership.objects.answerable_by(torino).count() == 2
    assert [str(each.city) for each in Partnership.objects.to_decide_by(torino)] == ["Modena"]
    roma = User.objects.get(email="roma@example.org")
    asked = Project.objects.led_by(roma).asked_for_results()
    assert [each.slug for each in asked] == ["cinema-sotto-casa"]


def test_whole_cards_tell_results_of_years_partners_abroad_and_money(demo):
    project = Project.objects.get(slug="segni-per-tutti")
    assert {each.country.code for each in project.external_partners.all()} == {"AT", "FR", "IT"}
    assert {each.is_public for each in project.fundings.all()} == {True, False}
    days = project.results.filter(name_it="Chi trova la strada senza chiedere")
    assert days.values("measured_on").distinct().count() == 3
    assert {each.picture_licence for each in project.images.all()} == {"cc0-1.0", "cc-by-4.0"}
    assert {each.picture_focus for each in project.images.all()} == {"left", "top"}
    assert [str(each.city) for each in project.updates.all()] == ["Parma", "Torino"]
    assert project.seeks_partners
    assert {each.audience for each in project.documents.all()} == {"public", "delegates"}


def test_what_was_sent_back_carries_remarks_on_its_columns(demo):
    event = Event.objects.get(verb="send_back")
    assert set(event.details["remarks"]) == {"text_it", "picture_alt_en"}


def test_the_invented_city_has_facts_offices_and_a_question_to_answer(demo):
    montelume = City.objects.get(slug="montelume")
    assert (montelume.facts.count(), montelume.offices.count()) == (3, 2)
    assert montelume.checkups.get().answered_on is None


def test_somebody_is_invited_and_has_not_come_in_yet(demo):
    assert [each.email for each in User.objects.invited()] == ["biella@example.org"]


def test_every_project_has_a_picture_and_words_for_it(demo):
    for project in Project.objects.filter(is_demo=True):
        assert project.picture.storage.exists(project.picture.name)
        assert project.picture_alt_it
        assert (project.picture_width, project.picture_height) == (1440, 900)


def test_some_projects_are_in_italian_only_and_the_others_complete_in_both(demo):
    english = Project.objects.filter(is_demo=True).exclude(title_en="").exclude(title_en=None)
    assert 0 < english.count() < Project.objects.filter(is_demo=True).count()
    assert not english.filter(summary_en="").exists()
    assert not english.filter(text_en="").exists()


def test_what_happened_lies_in_the_past_in_its_order(demo):
    project = Project.objects.get(slug="la-carta-che-suona")
    events = Event.objects.about(project).order_by("at")
    assert [event.verb for event in events] == ["create", "submit", "approve", "tell"]
    assert events.last().at < timezone.now()
    assert project.published_at.date() == events.get(verb="approve").at.date()


def test_the_candidate_city_is_not_public(demo):
    assert not City.objects.visible_to(AnonymousUser()).filter(slug="montelume").exists()
    assert City.objects.members().count() == 16


# That it goes


def test_what_its_people_made_and_did_since_goes_with_it(demo, client):
    torino = User.objects.get(email="torino@example.org")
    made = make.project(lead=City.objects.get(slug="torino"), created_by=torino)
    make.document(owner=made, audience="delegates")
    made.submit(by=torino)
    client.force_login(torino)
    real = Project.objects.get(slug="padiglioni-della-creativita")
    Event.objects.record(real, "update", by=torino)
    call_command("clear_demo")
    assert not Project.objects.filter(pk=made.pk).exists()
    assert not Event.objects.exists()
    assert not Email.objects.filter(to="torino@example.org").exists()
    assert Project.objects.filter(pk=real.pk).exists()


def test_real_people_and_things_stay(demo):
    real = make.project(lead=City.objects.get(slug="torino"), created_by=make.user())
    call_command("clear_demo")
    assert Project.objects.filter(pk=real.pk).exists()
    assert City.objects.members().count() == 16
