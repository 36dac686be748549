"""axe finds nothing to mend where meetings are prepared, answered, written and read."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import translation

from cities.models import City
from projects.models import Project
from tests import make, meeting_showcase, showcase
from tests.browser.test_accessibility import OF_DJANGO, assert_faultless

pytestmark = pytest.mark.django_db(transaction=True)

every_language = pytest.mark.parametrize("language", showcase.LANGUAGES)


# A letter is shown in the reader's own program, which has the landmarks of a page.
OF_PAGES = ["landmark-one-main", "region"]


@pytest.fixture
def page(window):
    return window(reduced_motion="reduce")


@pytest.fixture
def there(transactional_db):
    make.field(slug="music")
    showcase.build()
    return meeting_showcase.build(
        fabriano=City.objects.get(slug="fabriano"),
        parma=City.objects.get(slug="parma"),
        project=Project.objects.get(slug="carta"),
    )


@every_language
def test_axe_finds_nothing_on_what_anyone_reads_of_meetings(there, page, language):
    with translation.override(language):
        assert_faultless(page, meeting_showcase.for_everyone(there))


@every_language
def test_axe_finds_nothing_behind_the_links_in_letters_about_meetings(there, page, language):
    with translation.override(language):
        assert_faultless(page, meeting_showcase.behind_links(there))
        gone = ["meeting_answer", "minutes_answer", "action_answer"]
        assert_faultless(page, [reverse(name, args=["old"]) for name in gone], status=410)


@every_language
def test_axe_finds_nothing_on_what_delegates_read_and_write(there, page, let_in, language):
    let_in(page, there.person)
    with translation.override(language):
        assert_faultless(page, meeting_showcase.for_delegates(there))


@every_language
def test_axe_finds_nothing_on_the_desks_of_the_others(there, page, let_in, language):
    for person in (there.observer, there.coordinator):
        let_in(page, person)
        with translation.override(language):
            names = ["desk", "calendar_settings", "action_list"]
            assert_faultless(page, [reverse(name) for name in names])


@every_language
def test_axe_finds_nothing_where_coordinators_run_meetings(there, window, let_in, language):
    page = window(reduced_motion="reduce", locale=language)  # which the admin speaks
    Authenticator.objects.create(user=there.coordinator, type="totp", data={"secret": "x"})
    let_in(page, there.coordinator)
    assert_faultless(page, meeting_showcase.for_coordinators(there), without=OF_DJANGO)


def test_axe_finds_nothing_in_the_letters_to_those_invited(there, window, let_in):
    page = window(reduced_motion="reduce")
    let_in(page, there.coordinator)
    person = there.invited.neighbour.pk
    letters = [reverse("admin:letter_preview", args=[person, each]) for each in ("it", "en")]
    assert_faultless(page, letters, without=OF_PAGES)
