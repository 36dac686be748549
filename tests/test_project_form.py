"""How a delegate posts a project: drafts, both languages, pictures, and nothing typed is lost."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.pictures import MAX_BYTES
from journal.models import Event, Notification
from projects.models import Project
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db

NEW = "/it/progetti/nuovo/"


def card(city, **values):
    """What a browser sends for a small but complete card."""
    links = {"links-TOTAL_FORMS": 2, "links-INITIAL_FORMS": 0}
    return {
        "title_it": "Carta viva",
        "title_en": "Living paper",
        "summary_it": "La carta fatta a mano, per le scuole.",
        "text_it": "<p>Ogni classe fa il suo foglio.</p>",
        "lead": city.pk,
        "phase": "planned",
        "precision": "day",
        "fields": [make.field(slug="crafts-folk-art").pk],
        **links,
        **values,
    }


def edit(project):
    return f"/it/progetti/{project.slug}/modifica/"


def test_a_delegate_saves_a_draft_with_all_its_facts(as_user, fabriano, fabriano_delegate, parma):
    line, goal = make.line(), make.goal()
    response = as_user(fabriano_delegate).post(
        NEW,
        card(
            fabriano,
            summary_en="Paper made by hand, for schools.",
            partners=[parma.pk],
            lines=[line.pk],
            goals=[goal.pk],
            looking_for_partners="on",
            starts_on="2027-02-01",
            ends_on="2027-06-30",
            **{"links-0-url": "https://example.org/carta", "links-0-label_it": "Il museo"},
        ),
    )

    project = Project.objects.get()
    assert response.headers["Location"] == f"/it/progetti/{project.slug}/"
    assert (project.slug, project.status, project.lead) == ("carta-viva", "draft", fabriano)
    assert (project.title_it, project.title_en) == ("Carta viva", "Living paper")
    assert project.summary_en == "Paper made by hand, for schools."
    assert (project.starts_on, project.ends_on) == (date(2027, 2, 1), date(2027, 6, 30))
    assert project.looking_for_partners
    assert project.created_by == fabriano_delegate
    assert [list(project.lines.all()), list(project.goals.all())] == [[line], [goal]]
    assert list(project.partnerships.values_list("city", "status")) == [(parma.pk, "invited")]
    assert [(link.url, link.label_it) for link in project.links.all()] == [
        ("https://example.org/carta", "Il museo")
    ]
    assert [event.verb for event in Event.objects.all()] == ["create"]
    assert project.history.get().history_user == fabriano_delegate
    assert not Notification.objects.exists()


def test_a_title_is_enough_for_a_draft(as_user, fabriano, fabriano_delegate):
    least = {"title_it": "Idea", "lead": fabriano.pk, "phase": "idea", "precision": "day"}
    as_user(fabriano_delegate).post(
        NEW, {**least, "links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0}
    )
    assert Project.objects.get().title_it == "Idea"


def test_saving_and_submitting_is_one_step(as_user, fabriano, fabriano_delegate, coordinator):
    as_user(fabriano_delegate).post(NEW, card(fabriano, submit="yes"))
    assert Project.objects.get().status == "submitted"
    assert [event.verb for event in Event.objects.order_by("pk")] == ["create", "submit"]
    assert [each.user for each in Notification.objects.all()] == [coordinator]


@pytest.mark.parametrize("missing", ["summary_it", "text_it", "fields"])
def test_what_is_missing_for_submission_is_said_beside_the_field(
    as_user, fabriano, fabriano_delegate, missing
):
    response = as_user(fabriano_delegate).post(NEW, card(fabriano, submit="yes", **{missing: ""}))
    assert list(response.context["form"].errors) == [missing]
    assert "Carta viva" in response.content.decode()
    assert not Project.objects.exists()


def test_an_empty_paragraph_is_no_story(as_user, fabriano, fabriano_delegate):
    sent = card(fabriano, submit="yes", text_it="<p> </p>")
    response = as_user(fabriano_delegate).post(NEW, sent)
    assert list(response.context["form"].errors) == ["text_it"]


def test_a_picture_needs_words_before_it_is_submitted(as_user, fabriano, fabriano_delegate):
    sent = card(fabriano, submit="yes", picture=make.picture_upload())
    response = as_user(fabriano_delegate).post(NEW, sent)
    assert set(response.context["form"].errors) == {"picture_alt_it", "picture"}
    sent = card(fabriano, submit="yes", picture=make.picture_upload(), picture_alt_it="Un foglio")
    as_user(fabriano_delegate).post(NEW, sent)
    assert Project.objects.get().status == "submitted"


def test_everything_typed_stays_when_something_is_wrong(as_user, fabriano, fabriano_delegate):
    response = as_user(fabriano_delegate).post(
        NEW,
        card(
            fabriano,
            starts_on="2027-06-30",
            ends_on="2027-02-01",
            text_en="<p>Every class makes its sheet.</p>",
            picture_credit="Foto di Anna",
            **{"links-0-url": "niente indirizzo", "links-0-label_it": "Il museo"},
        ),
    )
    page = response.content.decode()
    form = response.context["form"]
    assert list(form.errors) == ["ends_on"]
    assert form.links.errors[0].keys() == {"url"}
    for typed in ["Carta viva", "Every class makes its sheet", "Foto di Anna", "Il museo"]:
        assert typed in page
    assert 'value="2027-06-30"' in page
    assert "niente indirizzo" in page
    assert not Project.objects.exists()


def test_dates_known_to_the_month_or_year_cover_all_of_it(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    dates = {"starts_on": "2027-02-14", "ends_on": "2028-02-14"}
    client.post(NEW, card(fabriano, title_it="A", precision="month", **dates))
    client.post(NEW, card(fabriano, title_it="B", precision="year", **dates))
    assert [(each.starts_on, each.ends_on) for each in Project.objects.order_by("pk")] == [
        (date(2027, 2, 1), date(2028, 2, 29)),
        (date(2027, 1, 1), date(2028, 12, 31)),
    ]


def test_plain_text_becomes_paragraphs_and_markup_is_cleaned(as_user, fabriano, fabriano_delegate):
    evil = '<p onclick="x()">Buono</p><script>alert(1)</script>'
    as_user(fabriano_delegate).post(NEW, card(fabriano, text_it="Primo\n\nSecondo", text_en=evil))
    project = Project.objects.get()
    assert project.text_it == "<p>Primo</p>\n\n<p>Secondo</p>"
    assert project.text_en == "<p>Buono</p>"


def test_two_projects_of_one_title_have_two_addresses_and_none_is_the_forms(
    as_user, fabriano, fabriano_delegate
):
    for title in ["Carta", "Carta", "Nuovo", "New"]:
        as_user(fabriano_delegate).post(NEW, card(fabriano, title_it=title))
    slugs = Project.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["carta", "carta-2", "nuovo-1", "new-1"]


# Who may


def test_only_people_of_member_cities_begin_a_project(
    client, as_user, fabriano, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    candidate = make.delegate(city=make.city(name="Napoli", slug="napoli", member=False))
    assert "/accounts/login/" in client.get(NEW).headers["Location"]
    for person in [candidate, observer, coordinator]:
        assert as_user(person).get(NEW).status_code == 404
        assert as_user(person).post(NEW, card(fabriano)).status_code == 404
    assert not Project.objects.exists()


def test_the_lead_is_a_city_of_the_delegates_own(as_user, fabriano, parma, fabriano_delegate):
    page = as_user(fabriano_delegate).get(NEW)
    assert [str(city) for city in page.context["form"].fields["lead"].queryset] == ["Fabriano"]
    response = as_user(fabriano_delegate).post(NEW, card(parma))
    assert list(response.context["form"].errors) == ["lead"]


def test_a_delegate_of_two_cities_chooses_which_one_leads(as_user, fabriano, parma):
    person = make.delegate(city=fabriano)
    make.delegate(city=parma, user=person)
    as_user(person).post(NEW, card(parma))
    assert Project.objects.get().lead == parma


def test_another_citys_delegate_cannot_edit_the_card(
    client, as_user, fabriano, parma_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    project = make.project(lead=fabriano)
    assert "/accounts/login/" in client.get(edit(project)).headers["Location"]
    assert "/accounts/login/" in client.post(edit(project), card(fabriano)).headers["Location"]
    for person in [parma_delegate, observer, coordinator]:
        assert as_user(person).get(edit(project)).status_code == 404
        assert as_user(person).post(edit(project), card(fabriano)).status_code == 404
    assert Project.objects.get().title_it == project.title_it


def test_a_former_delegate_can_no_longer_edit(as_user, fabriano):
    person = make.delegate(city=fabriano, ends_on=date(2021, 1, 1))
    assert as_user(person).get(edit(make.project(lead=fabriano))).status_code == 404


# Editing


def test_a_draft_is_edited_by_anyone_of_its_city(as_user, fabriano):
    project = make.project(lead=fabriano, fields=["design"])
    colleague = make.delegate(city=fabriano, role="collaborator")
    as_user(colleague).post(edit(project), card(fabriano, title_it="Nuovo titolo"))
    project = Project.objects.get()
    assert project.title_it == "Nuovo titolo"
    assert [field.slug for field in project.fields.all()] == ["crafts-folk-art"]
    assert [event.verb for event in Event.objects.all()] == ["update"]


@pytest.mark.parametrize("status", ["submitted", "published", "archived", "withdrawn"])
def test_whoever_sends_too_late_gets_back_what_was_typed(
    as_user, fabriano, fabriano_delegate, status
):
    project = make.project(lead=fabriano, status=status, title_it="Com’era")
    client = as_user(fabriano_delegate)
    assert client.get(edit(project)).status_code == 404
    response = client.post(edit(project), card(fabriano, title_it="Scritto a lungo"))
    assert "Scritto a lungo" in response.content.decode()
    assert len(response.context["form"].non_field_errors()) == 1
    project = Project.objects.get()
    assert (project.title_it, project.status) == ("Com’era", status)


def test_a_partner_no_longer_ticked_is_no_longer_asked_but_answers_stay(
    as_user, fabriano, parma, fabriano_delegate
):
    como, biella = make.city(name="Como", slug="como"), make.city(name="Biella", slug="biella")
    project = make.project(lead=fabriano, partners=[como])
    make.partnership(project=project, city=biella, status="declined", reason="No")
    make.partnership(project=project, city=parma)
    alba = make.city(name="Alba", slug="alba")
    form = as_user(fabriano_delegate).get(edit(project)).context["form"]
    assert [str(city) for city in form.fields["partners"].queryset] == ["Alba", "Parma"]

    as_user(fabriano_delegate).post(edit(project), card(fabriano, partners=[alba.pk]))

    answers = Partnership.objects.order_by("city__name").values_list("city__slug", "status")
    assert list(answers) == [("alba", "invited"), ("biella", "declined"), ("como", "accepted")]


def test_the_comment_of_the_coordinator_stands_above_the_form(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    project.send_back(by=coordinator, comment="Manca la fonte.")
    assert "Manca la fonte." in as_user(fabriano_delegate).get(edit(project)).content.decode()


# Pictures


def test_a_picture_is_kept_without_what_the_phone_wrote_into_it(
    as_user, fabriano, fabriano_delegate
):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    exif[0x010F] = "Phone"
    sent = make.picture_upload(name="IMG_1234.jpg", exif=exif)
    as_user(fabriano_delegate).post(NEW, card(fabriano, picture=sent, picture_alt_it="Un foglio"))
    project = Project.objects.get()
    assert "IMG_1234" not in project.picture.name
    with Image.open(project.picture) as picture:
        assert (picture.format, dict(picture.getexif())) == ("JPEG", {})


def html_in_disguise():
    return SimpleUploadedFile(
        "foto.jpg", b"<html><script>alert(1)</script></html>", content_type="image/jpeg"
    )


def forty_one_megapixels():
    buffer = io.BytesIO()
    Image.new("1", (8200, 5000)).save(buffer, "PNG")
    return SimpleUploadedFile("grande.png", buffer.getvalue(), content_type="image/png")


def eleven_megabytes():
    picture = make.picture_upload()
    content = picture.read() + b"\0" * (MAX_BYTES + 1024 * 1024)
    return SimpleUploadedFile("pesante.jpg", content, content_type="image/jpeg")


def half_an_avif():
    whole = make.picture_upload(format="AVIF").read()
    return SimpleUploadedFile("mezza.avif", whole[: len(whole) - 40], content_type="image/avif")


@pytest.mark.parametrize(
    "upload", [html_in_disguise, half_an_avif, forty_one_megapixels, eleven_megabytes]
)
def test_a_picture_that_is_none_is_refused_beside_its_field_and_the_rest_is_kept(
    as_user, fabriano, fabriano_delegate, upload
):
    response = as_user(fabriano_delegate).post(NEW, card(fabriano, picture=upload()))
    assert list(response.context["form"].errors) == ["picture"]
    assert len(response.context["form"].errors["picture"]) == 1
    assert "Carta viva" in response.content.decode()
    assert not Project.objects.exists()


def test_a_good_picture_is_asked_for_again_when_something_else_is_wrong(
    as_user, fabriano, fabriano_delegate
):
    sent = card(fabriano, title_it="", picture=make.picture_upload())
    response = as_user(fabriano_delegate).post(NEW, sent)
    assert set(response.context["form"].errors) == {"title_it", "picture"}


def test_a_picture_may_have_a_long_name(as_user, fabriano, fabriano_delegate):
    sent = make.picture_upload(name=f"{'a' * 150}.jpg")
    as_user(fabriano_delegate).post(NEW, card(fabriano, picture=sent))
    assert len(Project.objects.get().picture.name) < 60


def test_a_picture_can_be_removed(as_user, fabriano, fabriano_delegate):
    as_user(fabriano_delegate).post(NEW, card(fabriano, picture=make.picture_upload()))
    project = Project.objects.get()
    as_user(fabriano_delegate).post(edit(project), card(fabriano, **{"picture-clear": "on"}))
    assert not Project.objects.get().picture


def test_links_are_changed_and_removed(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    old = project.links.create(url="https://example.org/a")
    gone = project.links.create(url="https://example.org/b")
    sent = {
        "links-TOTAL_FORMS": 2,
        "links-INITIAL_FORMS": 2,
        "links-0-id": old.pk,
        "links-0-url": "https://example.org/c",
        "links-1-id": gone.pk,
        "links-1-url": gone.url,
        "links-1-DELETE": "on",
    }
    as_user(fabriano_delegate).post(edit(project), card(fabriano, **sent))
    assert [link.url for link in project.links.all()] == ["https://example.org/c"]


def test_the_editor_comes_with_the_nonce_of_this_answer(as_user, fabriano_delegate):
    response = as_user(fabriano_delegate).get(NEW)
    policy = response.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f'<script type="importmap" nonce="{nonce}">' in response.content.decode()


def test_every_field_of_the_card_is_asked_for_once(as_user, fabriano_delegate):
    form = as_user(fabriano_delegate).get(NEW).context["form"]
    shown = []
    for section in form.sections():
        for part in section["blocks"]:
            by_language = part["languages"].values() if "languages" in part else [[part["field"]]]
            shown += [field.name for fields in by_language for field in fields]
    assert sorted([*shown, "version"]) == sorted(form.fields)


def test_two_who_take_the_same_title_at_once_keep_what_they_typed(
    as_user, fabriano, fabriano_delegate, monkeypatch
):
    make.project(lead=fabriano, slug="carta")
    monkeypatch.setattr(Project, "free_slug", lambda title: "carta")  # as both had asked before

    page = as_user(fabriano_delegate).post(
        "/it/progetti/nuovo/", card(fabriano, title_it="Carta", summary_it="Un riassunto lungo")
    )

    assert page.status_code == 200
    assert "Un riassunto lungo" in page.content.decode()
    assert Project.objects.filter(title_it="Carta").count() == 0
