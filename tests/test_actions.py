"""What meetings ask cities to do: entrusted, told of, moved, done or dropped; never deleted."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.models import ProtectedError
from django.utils import timezone, translation

from journal.models import Event, Notification
from meetings.actions import entrust
from meetings.models import Action
from tests import make

pytestmark = pytest.mark.django_db

LATER = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def meeting(db):
    return make.meeting(
        status="circulated", starts_at=timezone.now() - timedelta(days=9), title_en="Spring"
    )


@pytest.fixture
def action(meeting, fabriano):
    return make.action(meeting=meeting, cities=[fabriano], title_en="Write the draft")


def told(verb):
    """Who was told of an event of this verb."""
    return {each.user for each in Notification.objects.filter(event__verb=verb)}


def post(client, action, verb, **data):
    return client.post(f"/en/actions/{action.pk}/{verb}/", data)


def test_its_cities_people_are_told_at_once_when_the_minutes_go_round(
    meeting, action, coordinator, fabriano_delegate, parma, parma_delegate
):
    both = make.action(meeting=meeting, cities=[action.cities.get(), parma])

    assert entrust(meeting, by=coordinator) == 2
    assert entrust(meeting, by=coordinator) == 0
    assert Event.objects.filter(verb="entrust").count() == 2
    heard = Notification.objects.filter(event__verb="entrust", at_once=True)
    assert sorted((each.user.email, each.event.object_id) for each in heard) == [
        ("fabriano@example.org", action.pk),
        ("fabriano@example.org", both.pk),
        ("parma@example.org", both.pk),
    ]


def test_a_note_says_how_it_goes_and_begins_it(as_user, action, fabriano_delegate):
    colleague = make.delegate(city=action.cities.get())

    answer = post(as_user(fabriano_delegate), action, "note", comment="Half of it is written")
    assert answer["Location"] == f"/en/actions/{action.pk}/"
    action.refresh_from_db()
    assert action.status == "in_progress"
    event = action.events.get()
    assert (event.verb, event.comment) == ("note", "Half of it is written")
    assert told("note") == {colleague}


def test_an_empty_note_is_asked_for_again(as_user, action, fabriano_delegate):
    answer = post(as_user(fabriano_delegate), action, "note", comment=" ")
    assert answer.status_code == 200
    assert "comment" in answer.context["form"].errors
    assert not action.events.exists()


def test_a_shift_keeps_both_days_with_the_reason_and_coordinators_hear_it(
    as_user, action, fabriano_delegate, coordinator
):
    before = action.due_on

    post(as_user(fabriano_delegate), action, "shift", due_on=LATER, comment="The fair is first")
    action.refresh_from_db()
    assert (action.due_on, action.status) == (LATER, "open")
    event = action.events.get()
    assert event.details == {"changes": {"due_on": [before.isoformat(), "2027-03-01"]}}
    assert event.comment == "The fair is first"
    assert told("shift") == {coordinator}
    with translation.override("en"):
        change = event.changes[0]
        assert (str(change.label), change.now) == ("Due on", "1 March 2027")
    page = as_user(coordinator).get(f"/en/actions/{action.pk}/").text
    assert "to 1 March 2027" in page


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"due_on": "2020-01-01", "comment": "Why not"}, "due_on"),
        ({"due_on": LATER, "comment": ""}, "comment"),
        ({"due_on": "", "comment": "Why not"}, "due_on"),
        ({"due_on": "soon", "comment": "Why not"}, "due_on"),
        ({"due_on": "9999-12-31", "comment": "Why not"}, "due_on"),
    ],
)
def test_a_shift_without_a_later_day_or_a_reason_is_refused(
    as_user, action, fabriano_delegate, data, wrong
):
    answer = post(as_user(fabriano_delegate), action, "shift", **data)
    assert list(answer.context["form"].errors) == [wrong]
    assert not action.events.exists()


@time_machine.travel("2026-11-22 10:00+01:00", tick=False)
def test_it_is_done_today_and_what_came_of_it_may_be_said(
    as_user, action, fabriano_delegate, coordinator
):
    post(as_user(fabriano_delegate), action, "finish", comment="Fifty pages")
    action.refresh_from_db()
    assert (action.status, action.done_on) == ("done", date(2026, 11, 22))
    assert action.events.get().comment == "Fifty pages"
    assert told("finish") == {coordinator}


def test_it_is_done_without_a_word_too(as_user, action, fabriano_delegate):
    post(as_user(fabriano_delegate), action, "finish")
    action.refresh_from_db()
    assert action.status == "done"


def test_only_coordinators_drop_it_and_must_say_why(
    as_user, action, fabriano_delegate, coordinator
):
    assert post(as_user(fabriano_delegate), action, "drop", comment="No").status_code == 404
    assert post(as_user(coordinator), action, "drop", comment="").context["form"].errors
    post(as_user(coordinator), action, "drop", comment="UNESCO does it")
    action.refresh_from_db()
    assert action.status == "dropped"
    assert told("drop") == {fabriano_delegate}


def test_it_is_opened_again_by_coordinators(as_user, action, fabriano_delegate, coordinator):
    action.finish(by=fabriano_delegate)
    assert post(as_user(fabriano_delegate), action, "reopen").status_code == 404
    post(as_user(coordinator), action, "reopen")
    action.refresh_from_db()
    assert (action.status, action.done_on) == ("in_progress", None)
    assert told("reopen") == {fabriano_delegate}


@pytest.mark.parametrize("verb", ["begin", "note", "shift", "finish"])
def test_the_neighbour_gets_nothing_and_a_visitor_is_asked_to_log_in(
    client, action, parma_delegate, verb
):
    data = {"comment": "Not mine", "due_on": LATER}
    assert "/login/" in post(client, action, verb, **data)["Location"]
    client.force_login(parma_delegate)
    assert post(client, action, verb, **data).status_code == 404
    assert not action.events.exists()


@pytest.mark.parametrize("verb", ["begin", "note", "shift", "finish"])
def test_what_is_over_is_not_told_of_and_nothing_typed_is_lost(
    as_user, action, fabriano_delegate, verb
):
    action.finish(by=fabriano_delegate)
    data = {"comment": "Too late, alas", "due_on": LATER}
    answer = as_user(fabriano_delegate).post(f"/en/actions/{action.pk}/{verb}/", data, follow=True)
    assert "Too late, alas" in answer.text
    assert [each.verb for each in action.events.all()] == ["finish"]


def test_nobody_tells_of_what_was_not_entrusted_yet(as_user, fabriano, fabriano_delegate):
    unwritten = make.action(meeting=make.meeting(status="held"), cities=[fabriano])
    client = as_user(fabriano_delegate)
    assert client.get(f"/en/actions/{unwritten.pk}/").status_code == 404
    assert post(client, unwritten, "finish").status_code == 404


def test_its_page_shows_the_timeline_to_insiders_alone(client, action, fabriano_delegate, observer):
    Action.objects.update(is_public=True)
    action.note(by=fabriano_delegate, comment="Half of it")
    address = f"/en/actions/{action.pk}/"

    page = client.get(address).text
    assert "Write the draft" in page
    assert "Fabriano" in page
    assert "Half of it" not in page
    client.force_login(observer)
    page = client.get(address).text
    assert "Half of it" in page
    assert f"{address}note/" not in page


def test_my_cities_come_first_then_the_overdue(
    as_user, meeting, fabriano, parma, fabriano_delegate
):
    today = timezone.localdate()
    for name, city, days, status in [
        ("theirs late", parma, -9, "open"),
        ("mine later", fabriano, 9, "open"),
        ("mine done", fabriano, -20, "done"),
        ("mine late", fabriano, -2, "in_progress"),
        ("theirs later", parma, 5, "open"),
    ]:
        day = today + timedelta(days=days)
        make.action(meeting=meeting, cities=[city], due_on=day, title_en=name, status=status)

    page = as_user(fabriano_delegate).get("/en/actions/").context["page_obj"]
    assert [action.title_en for action in page] == [
        "mine late", "mine later", "mine done", "theirs late", "theirs later",
    ]  # fmt: skip


def test_the_list_is_narrowed_down(client, meeting, fabriano, parma):
    line = make.line()
    late = timezone.localdate() - timedelta(days=1)
    public = {"meeting": meeting, "is_public": True}
    make.action(cities=[fabriano], title_en="late", due_on=late, **public)
    make.action(cities=[parma], title_en="done", status="done", due_on=late, line=line, **public)
    other = make.meeting(status="closed", slug="altro")
    make.action(meeting=other, cities=[parma], title_en="open", is_public=True)
    make.action(meeting=other, cities=[parma], title_en="internal")

    def found(query):
        page = client.get(f"/en/actions/?{query}").context["page_obj"]
        return sorted(action.title_en for action in page)

    assert found("") == ["done", "late", "open"]
    assert found("status=overdue") == ["late"]
    assert found("status=undone") == ["late", "open"]
    assert found("status=done") == ["done"]
    assert found("city=parma") == ["done", "open"]
    assert found(f"line={line.pk}") == ["done"]
    assert found("meeting=altro") == ["open"]


@time_machine.travel("2026-11-22 10:00+01:00", tick=False)
def test_coordinators_see_days_late_and_the_last_word(as_user, action, coordinator):
    Action.objects.update(due_on=date(2026, 11, 10))
    action.refresh_from_db()
    action.note(by=coordinator, comment="They answer tomorrow")

    page = as_user(coordinator).get("/en/actions/").text
    assert "12 days late" in page
    assert "They answer tomorrow" in page


def test_what_is_undone_is_carried_into_the_next_meeting_by_its_day(meeting, fabriano):
    today = timezone.localdate()
    later = make.action(meeting=meeting, cities=[fabriano], due_on=today + timedelta(days=5))
    sooner = make.action(meeting=meeting, cities=[fabriano], due_on=today - timedelta(days=5))
    make.action(meeting=meeting, cities=[fabriano], status="done")
    following = make.meeting(starts_at=timezone.now() + timedelta(days=3))
    make.action(meeting=following, cities=[fabriano])

    assert list(Action.objects.carried_into(following)) == [sooner, later]
    assert list(Action.objects.carried_into(meeting)) == []


def test_a_meeting_with_actions_cannot_be_deleted(as_user, meeting, action, coordinator):
    with pytest.raises(ProtectedError):
        meeting.delete()
    address = f"/admin/meetings/meeting/{meeting.pk}/delete/"
    assert as_user(coordinator).get(address).status_code == 403
    type(meeting).objects.update(status="held")
    page = as_user(coordinator).get(address)
    assert page.context["protected"]
    assert str(action) in page.text


def test_no_door_deletes_an_action(as_user, action, coordinator):
    client = as_user(coordinator)
    assert client.get(f"/admin/meetings/action/{action.pk}/delete/").status_code == 403
    page = client.get("/admin/meetings/action/").text
    assert "delete_selected" not in page
    assert 'value="drop"' in page
    assert 'value="shift"' not in page


def test_coordinators_add_one_by_hand_and_it_is_entrusted_at_once(
    as_user, meeting, fabriano, fabriano_delegate, coordinator
):
    data = {
        "meeting": meeting.pk, "title_it": "Una in più", "title_en": "", "cities": [fabriano.pk],
        "due_on": "2027-01-10",
    }  # fmt: skip
    answer = as_user(coordinator).post("/admin/meetings/action/add/", data)
    assert answer.status_code == 302
    added = Action.objects.get(title_it="Una in più")
    assert told("entrust") == {fabriano_delegate}
    page = as_user(coordinator).get(f"/admin/meetings/action/{added.pk}/change/").text
    with translation.override("it"):
        assert f'href="/it/actions/{added.pk}/shift/"' in page or "/azioni/" in page
    assert 'name="due_on"' not in page


def test_an_older_version_from_the_history_leaves_what_cities_were_told(
    as_user, action, coordinator, fabriano_delegate
):
    before, version = action.due_on, action.history.last()
    action.shift(by=fabriano_delegate, comment="The fair is first")
    type(action).objects.filter(pk=action.pk).update(title_it="Come fu detto")
    data = {"is_public": "on"}
    page = f"/admin/meetings/action/{action.pk}/history/{version.pk}/"
    assert as_user(coordinator).post(page, data).status_code == 302
    action.refresh_from_db()
    assert action.is_public
    assert (action.due_on, action.title_it) == (before + timedelta(days=14), "Come fu detto")
