"""Whatever people send to the forms of a card: never an error of ours, and never lost input."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.models import Event
from projects.models import Project
from tests import make
from tests.filling import NEW, beginning, complete, step, typed

pytestmark = pytest.mark.django_db

# The database is undone after each test, not after each example: they clear up after themselves.
quick = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TEXT = st.text(max_size=300) | st.sampled_from(
    [
        "\x00",
        "</textarea><script>",
        "%s{{ x }}",
        "a\r\nb\rc\n",
        "é" * 600,
        "٣",
        "1e999",
        "-1",
        "NaN",
    ]
)
NUMBERS = st.sampled_from(["", "-1", "0", "1", "999999999999999999999", "x", "1.5", "\x00"])
STEPS = {
    "essentials": [
        "title_it", "title_en", "summary_it", "summary_en", "lead", "phase", "starts_on", "ends_on",
        "precision", "picture_alt_it", "picture_credit", "picture_licence", "picture_focus",
        "initial-title_it", "initial-starts_on", "initial-picture", "version",
    ],
    "story": ["text_it", "text_en", "objectives_it", "target_groups_en", "initial-text_it"],
    "belonging": ["fields", "scope", "lines", "areas", "goals", "initial-fields", "version"],
    "partners": [
        "partners_sought_it", "partners_until", "contact", "looking_for_partners",
        "external_partners-0-name", "external_partners-0-kind", "external_partners-0-country",
        "external_partners-0-id", "external_partners-0-url", "choose-contact",
    ],
    "money": ["budget", "initial-budget", "fundings-0-amount", "fundings-0-programme"],
    "results": ["results-0-name_it", "results-0-value", "results-0-measured_on", "results-0-id"],
    "documents": ["links-0-url", "links-0-id", "documents-0-id", "documents-0-audience"],
}  # fmt: skip
ANYTHING = st.sampled_from(sorted(STEPS)).flatmap(
    lambda key: st.tuples(
        st.just(key), st.dictionaries(st.sampled_from(STEPS[key]), TEXT | NUMBERS, max_size=6)
    )
)


@pytest.fixture
def delegate(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    client.raise_request_exception = False
    return client


@given(values=st.dictionaries(st.sampled_from(STEPS["essentials"]), TEXT | NUMBERS, max_size=6))
@quick
def test_any_text_begins_a_project_or_comes_back_with_a_reason(delegate, fabriano, values):
    answer = delegate.post(NEW, beginning(fabriano, **values))
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert answer.context["form"].errors
        assert_nothing_lost(answer, values)
    Event.objects.all().delete()
    Project.objects.all().delete()


@given(sent=ANYTHING)
@quick
def test_any_text_in_any_step_is_kept_or_comes_back_with_a_reason(delegate, fabriano, sent):
    key, values = sent
    project = complete(fabriano)
    answer = delegate.post(step(project, key), typed(delegate.get(step(project, key)), **values))
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert_nothing_lost(answer, values)
    again = delegate.post(step(project, key), {**values, "autosave": "yes"})
    assert again.status_code == 200
    assert "saved" in again.json()
    Event.objects.all().delete()
    Project.objects.all().delete()


def assert_nothing_lost(answer, values):
    """What was typed into the boxes stands in the page that comes back."""
    page = unescape(answer.content.decode())
    form = answer.context["form"]
    boxes = [each for each in form.visible_fields() if each.widget_type in ("text", "textarea")]
    for box in boxes:
        if box.name in values:
            lines = values[box.name].replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
            assert lines in page.replace("\r\n", "\n")


@pytest.mark.parametrize("typed_in", ["NaN", "sNaN", "Infinity", "-1e400"])
def test_what_only_python_takes_for_a_number_is_refused_beside_its_field(
    delegate, fabriano, typed_in
):
    project = make.project(lead=fabriano, budget=5)
    funding = project.fundings.create(programme="Europa creativa", amount=3)
    sent = typed(delegate.get(step(project, "money")), budget=typed_in)
    sent |= {"fundings-0-amount": typed_in, "initial-fundings-0-amount": typed_in}
    answer = delegate.post(step(project, "money"), sent)
    assert answer.status_code == 200
    assert "budget" in answer.context["form"].errors
    funding.refresh_from_db()
    assert funding.amount == 3


@given(content=st.binary(max_size=400), name=st.sampled_from(["a.jpg", "b.avif", "c.pdf", "d.zip"]))
@quick
def test_any_bytes_as_a_file_are_kept_or_refused_beside_their_field(
    delegate, fabriano, content, name
):
    project = make.project(lead=fabriano)
    files = {
        "essentials": {"picture": content},
        "gallery": {"images-0-picture": content, "images-0-picture_alt_it": "Un foglio"},
        "documents": {"documents-0-file": content, "documents-0-title_it": "Un foglio"},
    }
    for key, values in files.items():
        upload = {
            field: SimpleUploadedFile(name, value) if isinstance(value, bytes) else value
            for field, value in values.items()
        }
        answer = delegate.post(step(project, key), {**upload, "title_it": "Carta"})
        assert answer.status_code in (200, 302)
    Project.objects.all().delete()


@given(
    total=NUMBERS, initial=NUMBERS, most=NUMBERS,
    places=st.lists(st.integers(0, 60), max_size=4), removed=st.booleans(),
)  # fmt: skip
@quick
def test_any_count_of_rows_keeps_those_that_came(
    delegate, fabriano, total, initial, most, places, removed
):
    project = make.project(lead=fabriano)
    kept = project.links.create(url="https://example.org/kept")
    rows = {f"links-{place}-url": f"https://example.org/{place}" for place in places}
    counts = {
        "links-TOTAL_FORMS": total,
        "links-INITIAL_FORMS": initial,
        "links-MAX_NUM_FORMS": most,
        **({"links-7-DELETE": "on"} if removed else {}),
    }
    answer = delegate.post(step(project, "documents"), {**rows, **counts})
    assert answer.status_code in (200, 302)
    stored = set(project.links.values_list("url", flat=True))
    assert kept.url in stored
    if answer.status_code == 302:
        assert {f"https://example.org/{place}" for place in places if place < 40} <= stored
    Project.objects.all().delete()
