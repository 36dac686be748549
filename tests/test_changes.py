"""What changed in a published card: told to coordinators, read word by word, taken back."""

from datetime import date

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from cities.card_values import changes_between, values_of
from journal.mail import send_digests
from journal.models import Event
from projects.duties import note_keepers
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def project(fabriano):
    return make.project(
        lead=fabriano,
        status="published",
        slug="carta",
        title_it="Carta",
        title_en="Paper",
        text_it="<p>Una festa grande in piazza, ogni sera di luglio, con musica e cibo.</p>",
        fields=["design"],
    )


def edited(project, by, **values):
    """What the form records when somebody edits a published card."""
    before = values_of(Project.objects.get(pk=project.pk))
    Project.objects.filter(pk=project.pk).update(**values)
    now = Project.objects.get(pk=project.pk)
    return Event.objects.record(
        now,
        "update",
        by=by,
        tell=now.reviewers(),
        details={"changes": changes_between(before, values_of(now))},
    )


def page_of(event, verb=""):
    return f"/en/projects/carta/changes/{event.pk}/{verb}"


def restore(client, event):
    return client.post(page_of(event, "restore/"), follow=True)


@pytest.fixture
def event(project, fabriano_delegate, coordinator):
    """The lead city made the feast smaller, and gave it a scope."""
    text = "<p>Una festa piccola in piazza, ogni sera di luglio, con musica e cibo.</p>"
    return edited(project, fabriano_delegate, text_it=text, scope="local")


def test_the_change_is_shown_word_by_word_with_who_and_when(as_user, event, coordinator):
    page = as_user(coordinator).get(page_of(event)).text
    assert ">removed: </span>grande</del>" in page
    assert ">added: </span>piccola</ins>" in page
    assert "Story, in Italian" in page
    assert "Fabia Rossi" in page
    assert "Take this change back" in page


@pytest.mark.parametrize("who", ["coordinator", "fabriano_delegate"])
def test_one_click_takes_it_back(request, as_user, project, event, who):
    person = request.getfixturevalue(who)
    answer = restore(as_user(person), event)
    after = Project.objects.get()
    assert ("grande" in after.text_it, after.scope) == (True, "")
    assert [message.level_tag for message in answer.context["messages"]] == ["success"]
    record = Event.objects.get(verb="restore")
    assert (record.actor, set(record.details["changes"])) == (person, {"text_it", "scope"})


def test_an_amount_goes_back_however_it_was_typed(as_user, project, fabriano_delegate):
    client = as_user(fabriano_delegate)
    Project.objects.update(budget=900)
    form = client.get("/en/projects/carta/edit/money/").context["form"]
    sent = {"version": form["version"].value(), "initial-budget": "900.00", "budget": "1200"}
    client.post("/en/projects/carta/edit/money/", sent)
    assert Project.objects.get().budget == 1200
    restore(client, Event.objects.get(verb="update"))
    assert Project.objects.get().budget == 900


def test_a_restore_can_be_taken_back_too(as_user, project, event, coordinator):
    client = as_user(coordinator)
    restore(client, event)
    restore(client, Event.objects.get(verb="restore"))
    assert "piccola" in Project.objects.get().text_it


def test_what_was_changed_again_since_stays_and_both_are_shown(
    as_user, project, event, fabriano_delegate, coordinator
):
    edited(project, fabriano_delegate, text_it="<p>Un altro testo.</p>")
    client = as_user(coordinator)
    page = client.get(page_of(event)).text
    assert "Changed again since" in page
    assert "Un altro testo." in page
    assert "Take back the rest" in page
    answer = restore(client, event)
    after = Project.objects.get()
    assert (after.text_it, after.scope) == ("<p>Un altro testo.</p>", "")
    levels = [message.level_tag for message in answer.context["messages"]]
    assert levels == ["success", "warning"]


def test_nothing_left_to_take_back_offers_no_button(as_user, project, event, coordinator):
    client = as_user(coordinator)
    restore(client, event)
    page = client.get(page_of(event)).text
    assert "Take" not in page.partition('class="actions"')[2]
    assert Event.objects.filter(verb="restore").count() == 1


def test_dates_that_no_longer_fit_are_not_taken_back(
    as_user, project, fabriano_delegate, coordinator
):
    Project.objects.update(starts_on=date(2026, 5, 1))
    event = edited(project, fabriano_delegate, starts_on=date(2026, 1, 1))
    edited(project, fabriano_delegate, ends_on=date(2026, 2, 1))
    answer = restore(as_user(coordinator), event)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Project.objects.get().starts_on == date(2026, 1, 1)


def test_who_keeps_the_card_brings_back_neither_another_lead_nor_a_good_practice(
    as_user, project, parma, fabriano_delegate, parma_delegate, coordinator
):
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    marked = edited(project, coordinator, is_good_practice=True, title_en="Paper!")
    restore(as_user(fabriano_delegate), marked)
    project.refresh_from_db()
    assert (project.is_good_practice, project.title_en) == (True, "Paper")
    led = edited(project, coordinator, lead=make.city(name="Alba", slug="alba"))
    page = as_user(parma_delegate).get(page_of(led)).content.decode()
    assert "A coordinator can take it back." in page
    restore(as_user(parma_delegate), led)
    project.refresh_from_db()
    assert project.lead.slug == "alba"
    restore(as_user(coordinator), led)
    project.refresh_from_db()
    assert project.lead.slug == "fabriano"


def test_partners_that_keep_the_card_may_and_nobody_else(
    client, as_user, project, event, fabriano, parma, parma_delegate, observer
):
    for page in [page_of(event), "/en/projects/carta/history/"]:
        assert "/login/" in client.get(page).headers["Location"]
    for person in [parma_delegate, observer]:
        browser = as_user(person)
        assert browser.get(page_of(event)).status_code == 404
        assert browser.get("/en/projects/carta/history/").status_code == 404
        assert browser.post(page_of(event, "restore/")).status_code == 404
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    browser = as_user(parma_delegate)
    assert browser.get("/en/projects/carta/history/").status_code == 200
    restore(browser, event)
    assert Project.objects.get().scope == ""


def test_no_link_takes_anything_back(as_user, event, coordinator):
    assert as_user(coordinator).get(page_of(event, "restore/")).status_code == 405


def test_a_city_cannot_change_what_is_archived(as_user, project, event, fabriano_delegate):
    Project.objects.update(status="archived")
    browser = as_user(fabriano_delegate)
    assert "Take" not in browser.get(page_of(event)).text.partition('class="actions"')[2]
    assert browser.post(page_of(event, "restore/")).status_code == 404


def test_an_event_of_another_project_or_without_changes_has_no_page(
    as_user, project, event, fabriano, coordinator
):
    other = make.project(lead=fabriano, status="published", slug="altro")
    silent = Event.objects.record(project, "update", by=coordinator)
    browser = as_user(coordinator)
    assert browser.get(page_of(silent)).status_code == 404
    assert browser.get(f"/en/projects/{other.slug}/changes/{event.pk}/").status_code == 404


def test_the_history_tells_all_with_comments_remarks_and_changes(
    as_user, project, event, fabriano_delegate, coordinator
):
    Event.objects.record(
        project,
        "send_back",
        by=coordinator,
        comment="Quasi",
        details={"remarks": {"title_it": "Più breve"}},
    )
    page = as_user(fabriano_delegate).get("/en/projects/carta/history/").text
    for text in ["Quasi", "Title, in Italian", "Più breve", page_of(event), "See the 2 changes"]:
        assert text in page, text


def test_the_history_tells_of_partner_cities_to_those_concerned(
    as_user, project, fabriano_delegate, parma, parma_delegate, coordinator
):
    partnership = make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    partnership.leave(by=parma_delegate, comment="Mancano i fondi.")
    other = make.city(name="Roma")
    partner = make.delegate(city=other, first_name="Romolo")
    make.partnership(project=project, city=other, status="accepted", may_edit=True)
    pages = {
        person.first_name: as_user(person).get("/en/projects/carta/history/").text
        for person in [fabriano_delegate, coordinator, partner]
    }
    assert "Mancano i fondi." in pages["Fabia"]
    assert " left: Parma, Paper" in pages["Carla"]
    assert "Mancano i fondi." not in pages["Romolo"]


def test_a_long_history_has_pages_and_asks_as_often(
    as_user, project, coordinator, django_assert_max_num_queries
):
    client = as_user(coordinator)
    Event.objects.record(project, "update", by=coordinator)
    client.get("/en/projects/carta/history/")
    for _each in range(25):
        Event.objects.record(project, "update", by=coordinator)
    with django_assert_max_num_queries(12):
        page = client.get("/en/projects/carta/history/").text
    assert page.count('<time class="small muted"') == 20
    assert "page=2" in page


@pytest.mark.django_db(transaction=True)
def test_the_digest_shows_the_change_in_short_and_leads_to_it(
    project, fabriano_delegate, coordinator
):
    with time_machine.travel("2026-03-02 15:00+00:00", tick=False):
        make.field(slug="design").responsible.add(make.coordinator(language="en"))
        text = "<p>Una festa piccola in piazza, ogni sera di luglio, con musica e cibo.</p>"
        event = edited(project, fabriano_delegate, text_it=text)
        send_digests()
    call_command("deliver")
    (letter,) = mail.outbox
    assert f"http://testserver{page_of(event)}" in letter.body
    assert "before: Una festa grande in piazza, ogni sera di …" in letter.body
    assert "now: Una festa piccola in piazza, ogni sera di …" in letter.body
    ((html, _kind),) = letter.alternatives
    assert ">grande</del>" in html
    assert "text-decoration:line-through" in html
    assert "luglio" not in html


# Nobody keeps it any more


def told():
    events = Event.objects.filter(verb__in=["lose_keeper", "find_keeper"]).order_by("pk")
    return [(each.verb, each.notifications.count()) for each in events]


def test_a_project_that_loses_its_last_editor_is_told_once(
    project, fabriano, fabriano_delegate, coordinator
):
    assert note_keepers() == 0
    fabriano_delegate.delegates.update(ends_on=date(2026, 1, 1))
    assert note_keepers() == 1
    assert note_keepers() == 0
    assert told() == [("lose_keeper", 1)]
    event = Event.objects.get(verb="lose_keeper")
    assert (event.target, event.actor) == (project, None)
    assert [each.at_once for each in event.notifications.all()] == [False]


def test_whoever_is_lost_again_is_told_again(project, fabriano, fabriano_delegate, coordinator):
    fabriano_delegate.delegates.update(ends_on=date(2026, 1, 1))
    note_keepers()
    make.delegate(city=fabriano, first_name="Nuova")
    note_keepers()
    assert told() == [("lose_keeper", 1), ("find_keeper", 0)]
    fabriano.delegates.update(ends_on=date(2026, 1, 2))
    note_keepers()
    assert told() == [("lose_keeper", 1), ("find_keeper", 0), ("lose_keeper", 1)]


def test_a_partner_that_may_edit_keeps_it_too(project, parma, parma_delegate, coordinator):
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    assert note_keepers() == 0


def test_drafts_and_archived_projects_need_nobody(project, coordinator):
    Project.objects.update(status="archived")
    assert note_keepers() == 0


@pytest.mark.django_db(transaction=True)
def test_the_daily_duties_look_after_it(project, coordinator):
    call_command("deliver")
    assert told() == [("lose_keeper", 1)]


def test_a_coordinator_reads_the_history_of_their_own_drafts_and_no_others(
    as_user, fabriano, coordinator
):
    make.project(lead=fabriano, slug="mio", created_by=coordinator)
    make.project(lead=fabriano, slug="altrui")
    client = as_user(coordinator)
    assert client.get("/en/projects/mio/history/").status_code == 200
    assert client.get("/en/projects/altrui/history/").status_code == 404
