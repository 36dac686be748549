"""The desk shows what waits for me, the most urgent first, and nothing that waits for others."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from cities.parts import Checkup
from journal.models import Event, Notification
from projects.models import Project
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db

DESK = "/en/desk/"


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def labels(response):
    """What waits, as (kind, thing), in the order in which the desk tells it; without the hint
    that a city's page is not complete, which our cities never are."""
    waiting = response.context["waiting"]
    return [(each.label, each.what) for each in waiting if each.label != "The city’s page"]


def item(response, label):
    (found,) = [each for each in response.context["waiting"] if each.label == label]
    return found


def test_the_desk_asks_strangers_to_log_in(client):
    assert client.get(DESK).headers["Location"] == f"/en/accounts/login/?next={DESK}"


# What waits for a city


def test_a_delegate_finds_own_drafts_and_what_was_sent_back_or_waits(
    as_user, fabriano, parma, fabriano_delegate, coordinator
):
    draft = make.project(lead=fabriano)
    handed_in = make.project(lead=fabriano, status="submitted")
    back = make.project(lead=fabriano, status="submitted")
    back.send_back(by=coordinator, comment="Manca la fonte.")
    make.project(lead=fabriano, status="published")
    make.project(lead=parma)

    response = as_user(fabriano_delegate).get(DESK)

    assert labels(response) == [("Sent back", back), ("Draft", draft), ("Submitted", handed_in)]
    page = Page(response.text)
    assert "Manca la fonte." in response.text
    assert f"/en/projects/{back.slug}/edit/" in page.links()
    assert f"/en/projects/{draft.slug}/edit/story/" in page.links()
    assert "/en/projects/new/" in page.links()


def test_a_draft_says_what_it_still_misses_and_leads_there(as_user, fabriano, fabriano_delegate):
    draft = make.project(lead=fabriano, starts_on=date(2026, 1, 1), fields=["music"], text_it="")
    said = item(as_user(fabriano_delegate).get(DESK), "Draft")
    assert said.why == "Still missing: story."
    assert said.action[1] == f"/en/projects/{draft.slug}/edit/story/"


def test_a_whole_draft_says_that_it_can_be_submitted(as_user, fabriano, fabriano_delegate):
    whole = {"text_it": "<p>Storia</p>", "starts_on": date(2026, 1, 1), "fields": ["music"]}
    make.project(lead=fabriano, **whole)
    why = item(as_user(fabriano_delegate).get(DESK), "Draft").why
    assert why == "Nothing is missing: it can be submitted."


def test_what_was_sent_back_counts_the_remarks_on_its_parts(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    remarks = {"title_it": "Troppo lungo.", "summary_it": "Per chi?"}
    project.send_back(by=coordinator, comment="Quasi.", details={"remarks": remarks})
    back = item(as_user(fabriano_delegate).get(DESK), "Sent back")
    assert (back.why, back.comment) == ("2 remarks on parts of it.", "Quasi.")
    assert back.action[1] == f"/en/projects/{project.slug}/edit/essentials/"


def test_a_delegate_answers_invitations_from_the_desk(as_user, fabriano, parma, parma_delegate):
    asked = make.partnership(project=make.project(lead=fabriano), city=parma, message="Venite!")
    gone = make.partnership(project=make.project(lead=fabriano, status="withdrawn"), city=parma)
    response = as_user(parma_delegate).get(DESK)
    assert labels(response) == [("Invitation", asked.project)]
    assert item(response, "Invitation").why == "Fabriano asks Parma to take part."
    assert "Venite!" in response.text
    assert f'action="/en/partnerships/{asked.pk}/accept/"' in response.text
    assert f'action="/en/partnerships/{asked.pk}/decline/"' in response.text
    assert f"/en/partnerships/{gone.pk}/" not in response.text


def test_an_invitation_with_a_day_is_due_then_and_late_after_it(
    as_user, fabriano, parma, parma_delegate
):
    today = timezone.localdate()
    project = make.project(lead=fabriano, partners_until=today + timedelta(days=3))
    make.partnership(project=project, city=parma)
    assert not item(as_user(parma_delegate).get(DESK), "Invitation").is_late
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        response = as_user(parma_delegate).get(DESK)
    assert "was due on" in response.text


def test_the_lead_city_decides_on_the_desk_who_joins(
    as_user, fabriano, parma, fabriano_delegate, parma_delegate
):
    project = make.project(lead=fabriano, status="published", looking_for_partners=True)
    wish = make.partnership(project=project, city=parma, status="asking")
    response = as_user(fabriano_delegate).get(DESK)
    assert labels(response) == [("Asks to join", project)]
    verbs = {verb["name"] for verb in item(response, "Asks to join").verbs}
    assert verbs == {"welcome", "refuse"}
    assert f'action="/en/partnerships/{wish.pk}/welcome/"' in response.text
    assert labels(as_user(parma_delegate).get(DESK)) == []


def test_a_project_that_is_over_is_asked_for_its_results(as_user, fabriano, fabriano_delegate):
    over = {"status": "published", "ends_on": timezone.localdate() - timedelta(days=20)}
    silent = make.project(lead=fabriano, **over)
    told = make.project(lead=fabriano, **over)
    told.results.create(name_it="Visitatori", value=1200)
    assert labels(as_user(fabriano_delegate).get(DESK)) == [("Results", silent)]


def test_an_open_check_up_leads_to_the_citys_page(as_user, fabriano, parma, fabriano_delegate):
    today = timezone.localdate()
    Checkup.objects.create(city=fabriano, asked_on=today)
    Checkup.objects.create(city=parma, asked_on=today)
    Checkup.objects.create(city=fabriano, asked_on=date(2026, 3, 1), answered_on=date(2026, 3, 2))
    assert labels(as_user(fabriano_delegate).get(DESK)) == [("Check-up", fabriano)]


def test_what_is_due_first_comes_first(as_user, fabriano, parma, fabriano_delegate):
    now = timezone.now()
    later = make.meeting(track="both", starts_at=now + timedelta(days=40))
    soon = make.meeting(track="both", starts_at=now + timedelta(days=2))
    Checkup.objects.create(city=fabriano, asked_on=timezone.localdate() - timedelta(days=40))
    project = make.project(lead=parma)
    make.partnership(project=project, city=fabriano)
    draft = make.project(lead=fabriano)
    assert [what for _label, what in labels(as_user(fabriano_delegate).get(DESK))] == [
        fabriano,
        soon,
        project,
        draft,
        later,
    ]


def test_someone_of_two_cities_sees_both(as_user, fabriano, parma):
    person = make.delegate(city=fabriano)
    make.delegate(city=parma, user=person)
    drafts = [make.project(lead=fabriano), make.project(lead=parma)]
    response = as_user(person).get(DESK)
    assert sorted(what.pk for _label, what in labels(response)) == [each.pk for each in drafts]
    assert [city.name for city in response.context["desk"].cities] == ["Fabriano", "Parma"]


def test_meetings_are_those_of_my_track_without_the_online_link_of_those_invited(as_user, fabriano):
    link = "https://example.org/sala"
    now = timezone.now()
    technical = make.meeting(track="technical", online_link=link, is_public=False)
    political = make.meeting(track="political", starts_at=now + timedelta(days=8))
    both = make.meeting(track="both", starts_at=now + timedelta(days=9))
    make.meeting(track="both", status="draft")
    make.meeting(track="both", status="cancelled")
    make.meeting(track="both", starts_at=now - timedelta(days=9))
    response = as_user(make.delegate(city=fabriano, role="focal_point")).get(DESK)
    assert labels(response) == [("Meeting", technical), ("Meeting", both)]
    assert f'href="{link}"' not in response.text
    response = as_user(make.delegate(city=fabriano, role="political")).get(DESK)
    assert labels(response) == [("Meeting", political), ("Meeting", both)]


def test_rights_end_on_the_desk_too(as_user, fabriano):
    person = make.delegate(city=fabriano, ends_on=timezone.localdate())
    draft = make.project(lead=fabriano)
    assert labels(as_user(person).get(DESK)) == [("Draft", draft)]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        response = as_user(person).get(DESK)
    assert labels(response) == []
    assert "/en/projects/new/" not in Page(response.text).links()


def test_a_city_is_told_how_many_facts_its_page_misses(as_user, fabriano, fabriano_delegate):
    said = item(as_user(fabriano_delegate).get(DESK), "The city’s page")
    assert said.what == fabriano
    assert said.why == "8 important facts are missing."
    assert said.action[1] == "/en/completeness/"


def test_an_empty_desk_says_what_will_come_there(as_user, fabriano, fabriano_delegate):
    page = as_user(make.user()).get(DESK).text
    assert "Nothing waits. Meetings you are called to come here." in page
    page = as_user(fabriano_delegate).get(DESK).text
    assert "What others do with your projects" in page
    assert "field that look for partners come here" in page


# What happened


def test_news_is_shown_as_new_once_and_then_as_known(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted", title_en="Paper")
    project.approve(by=coordinator)
    client = as_user(fabriano_delegate)

    first = client.get(DESK)
    assert [each.is_known for each in first.context["events"]] == [False]
    assert f'<a href="/en/projects/{project.slug}/">Paper</a>' in first.text
    assert Notification.objects.get().read_at is not None

    second = client.get(DESK)
    assert [each.is_known for each in second.context["events"]] == [True]


def test_what_colleagues_did_is_told_although_no_mail_tells_it(
    as_user, fabriano, parma, fabriano_delegate
):
    colleague = make.delegate(city=fabriano)
    ours = make.project(lead=fabriano)
    joint = make.project(lead=parma, partners=[fabriano])
    for project in (ours, joint, make.project(lead=parma)):
        Event.objects.record(project, "update", by=colleague)
    Event.objects.record(ours, "update", by=fabriano_delegate)
    Event.objects.record(fabriano, "update", by=colleague)
    client = as_user(fabriano_delegate)

    told = client.get(DESK).context["events"]

    assert [(each.target, each.actor) for each in told] == [
        (fabriano, colleague),
        (joint, colleague),
        (ours, colleague),
    ]
    assert not Notification.objects.waiting().exists()
    assert all(each.is_known for each in client.get(DESK).context["events"])


def test_what_happened_long_ago_is_told_to_nobody_who_was_not_told(
    as_user, fabriano, fabriano_delegate
):
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        Event.objects.record(make.project(lead=fabriano), "update", by=make.user())
    assert as_user(fabriano_delegate).get(DESK).context["events"] == []


def test_what_was_not_shown_is_not_marked_as_read(
    as_user, fabriano, fabriano_delegate, coordinator
):
    for _each in range(12):
        make.project(lead=fabriano, status="submitted").approve(by=coordinator)
    client = as_user(fabriano_delegate)
    client.get(DESK)
    assert Notification.objects.unread().count() == 2
    client.get(DESK)
    assert Notification.objects.unread().count() == 0


def test_nobody_reads_what_others_were_told(
    as_user, fabriano, fabriano_delegate, parma_delegate, coordinator
):
    make.project(lead=fabriano, status="submitted").approve(by=coordinator)
    assert as_user(parma_delegate).get(DESK).context["events"] == []
    assert Notification.objects.unread().count() == 1


def test_the_comment_of_a_review_is_for_those_who_were_told(
    as_user, fabriano, parma, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, partners=[parma], status="submitted")
    project.send_back(by=coordinator, comment="Solo per Fabriano.")
    response = as_user(parma_delegate).get(DESK)
    assert [each.verb for each in response.context["events"]] == ["send_back"]
    assert "Solo per Fabriano." not in response.text


# Looking for partners


def test_projects_in_my_citys_field_that_look_for_partners_are_offered(
    as_user, fabriano, parma, fabriano_delegate
):
    wanted = {"status": "published", "looking_for_partners": True, "fields": ["crafts-folk-art"]}
    fits = make.project(lead=parma, **wanted)
    make.project(lead=parma, **(wanted | {"fields": ["music"]}))
    make.project(lead=parma, **(wanted | {"looking_for_partners": False}))
    make.project(lead=parma, partners=[fabriano], **wanted)
    make.project(lead=fabriano, **wanted)
    response = as_user(fabriano_delegate).get(DESK)
    assert response.context["suggested"] == [fits]
    assert [each.shared_field for each in response.context["suggested"]] == ["Crafts-Folk-Art"]


def test_at_most_four_are_offered(as_user, fabriano, parma, fabriano_delegate):
    for _each in range(6):
        make.project(
            lead=parma, status="published", looking_for_partners=True, fields=["crafts-folk-art"]
        )
    newest = list(Project.objects.recent()[:4])
    assert as_user(fabriano_delegate).get(DESK).context["suggested"] == newest
