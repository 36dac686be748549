"""A picture is shown in widths that are all there: at once, or a few minutes after a bad moment."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from documents import widths
from documents.widths import AT_WORK, GIVEN_UP, UnmadeWidths, make_widths
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(fabriano):
    return make.update(project=make.project(lead=fabriano, status="published"))


def missing(picture):
    found = picture.get_picture_files_list()
    return [each for each in found if not picture.storage.exists(each.name)]


def illustrate(update):
    update.picture = ContentFile(make.picture_upload().read(), name="a.jpg")
    update.save()
    return update.picture


def broken(**task):
    raise OSError(28, "No space left on device")


def later(span):
    return time_machine.travel(timezone.now() + span + timedelta(seconds=1), tick=False)


def test_all_widths_are_made_when_the_picture_is_saved(told):
    assert missing(illustrate(told)) == []
    assert not UnmadeWidths.objects.exists()


def test_what_failed_is_made_later_and_the_picture_is_kept(told, monkeypatch):
    monkeypatch.setattr(widths, "make_and_throw_away", broken)
    picture = illustrate(told)
    assert missing(picture)
    assert make_widths() == 0  # somebody may still be making them
    with later(AT_WORK):
        assert make_widths() == 0
        monkeypatch.undo()
        assert make_widths() == 1
    assert missing(picture) == []
    assert not UnmadeWidths.objects.exists()


def test_of_a_picture_that_has_gone_nothing_is_made(told, monkeypatch):
    monkeypatch.setattr(widths, "make_and_throw_away", broken)
    picture = illustrate(told)
    picture.storage.delete(picture.name)
    with later(AT_WORK):
        assert make_widths() == 0
    assert not UnmadeWidths.objects.exists()


def test_what_never_works_is_given_up_after_a_week(told, monkeypatch):
    monkeypatch.setattr(widths, "make_and_throw_away", broken)
    illustrate(told)
    with later(GIVEN_UP):
        make_widths()
    assert not UnmadeWidths.objects.exists()
