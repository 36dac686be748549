"""Verbs are the only way a status changes: one transaction, one winner, everybody told."""

import pytest
from django.core.exceptions import PermissionDenied
from post_office.models import Email

from journal.models import Event, Notification
from journal.verbs import TransitionNotAllowed
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def test_submitting_a_draft_records_the_event_and_tells_the_coordinators(
    fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano)

    project.submit(by=fabriano_delegate)

    project = Project.objects.get(pk=project.pk)
    assert project.status == "submitted"
    event = Event.objects.get(verb="submit")
    assert (event.actor, event.target) == (fabriano_delegate, project)
    assert list(Notification.objects.values_list("user", flat=True)) == [coordinator.pk]


def test_a_comment_of_the_coordinator_reaches_the_author_by_mail_at_once(
    fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")

    project.send_back(by=coordinator, comment="Manca il riassunto in inglese.")

    mail = Email.objects.get()
    assert mail.to == [fabriano_delegate.email]
    assert "Manca il riassunto in inglese." in mail.message
    assert "Manca il riassunto in inglese." in mail.html_message
    assert Notification.objects.get().mailed_at is not None


def test_of_two_who_decide_at_once_only_the_first_wins(fabriano, coordinator):
    project = make.project(lead=fabriano, status="submitted")
    same_project_in_another_window = Project.objects.get(pk=project.pk)

    project.approve(by=coordinator)

    with pytest.raises(TransitionNotAllowed):
        same_project_in_another_window.send_back(by=coordinator, comment="No")
    assert Project.objects.get(pk=project.pk).status == "published"
    assert Event.objects.filter(verb="send_back").count() == 0


def test_another_citys_delegate_may_not_submit(fabriano, parma_delegate):
    project = make.project(lead=fabriano)

    with pytest.raises(PermissionDenied):
        project.submit(by=parma_delegate)

    assert Project.objects.get(pk=project.pk).status == "draft"
    assert not Event.objects.exists()


def test_a_status_cannot_be_set_by_hand(fabriano):
    project = make.project(lead=fabriano)

    with pytest.raises(AttributeError):
        project.status = "published"


def test_the_buttons_are_the_verbs_that_are_possible_now(
    fabriano, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano)
    assert [v["name"] for v in project.verbs_for(fabriano_delegate)] == ["submit"]
    assert project.verbs_for(parma_delegate) == []

    project.submit(by=fabriano_delegate)
    assert [v["name"] for v in project.verbs_for(coordinator)] == [
        "approve",
        "send_back",
        "withdraw",
    ]


def test_if_telling_fails_nothing_has_happened(fabriano, fabriano_delegate, monkeypatch):
    project = make.project(lead=fabriano)

    def broken(self, *args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(type(Event.objects), "record", broken)
    with pytest.raises(RuntimeError):
        project.submit(by=fabriano_delegate)

    assert Project.objects.get(pk=project.pk).status == "draft"


def test_a_verb_leaves_alone_what_others_edited_meanwhile(fabriano, coordinator):
    project = make.project(lead=fabriano, status="submitted")
    loaded_before = Project.objects.get(pk=project.pk)
    project.title_it = "Titolo corretto"
    project.save()

    loaded_before.approve(by=coordinator)

    project = Project.objects.get(pk=project.pk)
    assert (project.status, project.title_it) == ("published", "Titolo corretto")
    assert project.published_at is not None
