"""Search: words begin words, accents and capitals do not count, and nothing typed breaks it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from modelsearch.models import IndexEntry

from cities.models import City, CreativeField
from cities.search import stems_of, words_of
from meetings.models import Meeting
from news.models import NewsItem, Page
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def found(model, text):
    return [str(thing) for thing in model.objects.search(text)]


@pytest.fixture
def many_words(monkeypatch):
    """As if these two were more words than are looked for one by one."""
    from cities import search_index

    few = search_index.BEGINNING.replace(str(search_index.MOST_WORDS), "1")
    monkeypatch.setattr(search_index, "BEGINNING", few)


def test_text_is_compared_without_accents_capitals_markup_and_signs():
    assert words_of("<p>L’Università è</p><p>“APERTA”&nbsp;– 100%</p>") == [
        "l", "universita", "e", "aperta", "100",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "stems"),
    [
        ("progetti", ["progett"]),
        ("Arte", ["arte"]),
        ("seta città", ["seta", "citt"]),
        ("", []),
        ("%%%", []),
        ("parola " * 20, ["parol"] * 8),
        ("x" * 10_000, ["x" * 30]),
    ],
)
def test_the_words_asked_for_lose_their_endings_and_are_few(typed, stems):
    assert stems_of(typed) == stems


@pytest.mark.parametrize("typed", ["fabri", "FABRIANO", "Fàbriano", "fabriano carta", "cart fabri"])
def test_words_are_found_by_their_beginnings_in_any_order(typed):
    make.city(name="Fabriano", summary_it="La carta a mano dal 1264")
    make.city(name="Parma")
    assert found(City, typed) == ["Fabriano"]


def test_every_word_must_be_there():
    make.city(name="Fabriano", summary_it="La carta")
    assert found(City, "fabriano seta") == []


def test_accents_do_not_count_either_way(fabriano):
    make.project(lead=fabriano, title_it="La città che suona", title_en="The sounding town")
    assert found(Project, "citta") == found(Project, "CITTÀ") == ["La città che suona"]


@pytest.mark.parametrize("typed", ["tessel", "tess azzurr", "tessi tessel blu"])
def test_all_words_that_begin_so_are_looked_for(fabriano, typed):
    make.project(lead=fabriano, title_it="Tessere e tessiture, tesserae blu", text_it="<p>azz</p>")
    make.project(lead=fabriano, title_it="Tessitori e tessellature", text_it="<p>blu azzurro</p>")
    assert found(Project, typed) == ["Tessitori e tessellature"]
    assert len(found(Project, "tess blu")) == 2


def test_where_too_many_words_begin_so_their_beginning_is_looked_for(fabriano, many_words):
    test_all_words_that_begin_so_are_looked_for(fabriano, "tessi tessel blu")


@pytest.mark.parametrize("typed", ["øre", "øresund", "straße", "漢字", "zażółć", "łód", "ﬁor"])
def test_letters_of_other_alphabets_are_found_too(fabriano, typed):
    make.project(lead=fabriano, title_it="Øresund, Straße, 漢字, zażółć, Łódź, fiore")
    make.project(lead=fabriano, title_it="Oresund")
    assert found(Project, typed)[-1].startswith("Øresund")


def test_plurals_find_singulars(fabriano):
    make.project(lead=fabriano, title_it="Un museo del suono", title_en="A museum of sound")
    assert found(Project, "musei") == found(Project, "museums") == ["Un museo del suono"]


def test_italian_and_english_are_searched_whatever_the_reader_speaks(fabriano):
    make.project(lead=fabriano, title_it="Carta e seta", title_en="Paper and silk")
    assert found(Project, "silk") == found(Project, "seta") == ["Carta e seta"]


def test_markup_of_the_text_is_not_searched(fabriano):
    make.project(lead=fabriano, title_it="Uno", text_it="<p><strong>Filigrana</strong></p>")
    assert found(Project, "strong") == []
    assert found(Project, "filigrana") == ["Uno"]


def test_a_project_is_found_by_its_city_and_a_city_by_its_region(fabriano, parma):
    make.project(lead=fabriano, title_it="Uno")
    make.project(lead=parma, title_it="Due")
    assert found(Project, "fabriano") == ["Uno"]
    assert found(City, "emilia") == ["Parma"]


def test_a_meeting_is_found_by_its_host_and_its_venue(fabriano):
    make.meeting(title_it="Plenaria", host=fabriano, venue="Museo della carta")
    assert found(Meeting, "fabriano") == found(Meeting, "museo carta") == ["Plenaria"]


def test_news_pages_and_clusters_are_found():
    make.news_item(title_it="Parigi ci ascolta")
    make.page(slug="privacy", title_it="Riservatezza")
    make.field(slug="music", name_it="Musica", description_it="Suoni e canti")
    assert found(NewsItem, "parigi") == ["Parigi ci ascolta"]
    assert found(Page, "riservatezza") == ["Riservatezza"]
    assert found(CreativeField, "canti") == ["Musica"]


def test_those_with_the_words_in_the_title_can_come_first(fabriano):
    make.project(lead=fabriano, title_it="Carta")
    make.project(lead=fabriano, title_it="Seta", text_it="<p>carta, carta e ancora carta</p>")
    best_first = Project.objects.search("carta").order_by("-in_title", "-pk")
    assert [project.title for project in best_first] == ["Carta", "Seta"]


def test_search_keeps_to_what_may_be_seen(fabriano):
    make.project(lead=fabriano, status="published", title_it="Carta pubblica")
    make.project(lead=fabriano, status="draft", title_it="Carta segreta")
    seen = Project.objects.visible_to(AnonymousUser()).search("carta")
    assert [project.title for project in seen] == ["Carta pubblica"]


def test_an_empty_question_asks_nothing_and_signs_alone_find_nothing(fabriano):
    assert found(City, "  ") == ["Fabriano"]
    assert found(City, "%") == found(City, "🎷") == []


@pytest.mark.parametrize(
    "typed",
    [
        '"', "'", "''; DROP TABLE", "AND", "fabriano AND", "NOT fabriano", "NEAR(a b)", "a*", "*",
        "-", "--", "%", "_", "\\", "(", ")", "{title}: x", "a:b", "a & b | !c <-> d", "fab:*",
        "\x00", "🎷", "漢字", "ß", "l’arte", "x" * 10_000, "x " * 5_000, "<script>", "%s %d", "{0}",
    ],
)  # fmt: skip
def test_nothing_typed_breaks_it(fabriano, typed):
    assert set(found(City, typed)) <= {"Fabriano"}


def test_what_is_changed_or_deleted_is_found_as_it_is_now(fabriano):
    project = make.project(lead=fabriano, title_it="Prima")
    project.title_it = "Dopo"
    project.save()
    assert found(Project, "prima") == []
    assert found(Project, "dopo") == ["Dopo"]
    Project.objects.all().delete()
    assert found(Project, "dopo") == []


def test_a_very_long_text_can_be_saved(fabriano):
    words = " ".join(f"parola{number}" for number in range(60_000))
    make.project(lead=fabriano, title_it="Lungo", text_it=f"<p>{words}</p>")
    assert found(Project, "parola100") == ["Lungo"]


def test_the_index_can_be_built_again(fabriano):
    City.objects.update(name_it="Nuova")
    assert found(City, "nuova") == []
    call_command("rebuild_modelsearch_index", verbosity=0)
    assert found(City, "nuova") == ["Nuova"]


def groups(response):
    return {
        group["name"]: [str(thing) for thing in group["found"]]
        for group in response.context["groups"]
    }


def test_the_page_shows_what_every_room_knows(client, fabriano):
    make.field(slug="film", name_it="Cinema di carta")
    make.project(lead=fabriano, status="published", title_it="La carta che suona")
    make.meeting(title_it="Incontro sulla carta")
    make.news_item(title_it="Carta in mostra")
    make.page(slug="credits", title_it="Crediti", text_it="<p>Carta e disegni</p>")
    make.city(name="Carrara", text_it="<p>Marmo e carta</p>")

    page = client.get("/it/cerca/?q=carta")

    assert groups(page) == {
        "cities": ["Carrara"],
        "clusters": ["Cinema di carta"],
        "projects": ["La carta che suona"],
        "meetings": ["Incontro sulla carta"],
        "news": ["Carta in mostra"],
        "pages": ["Crediti"],
    }
    assert page.context["count"] == 6


def test_the_page_shows_to_each_what_they_may_see(client, as_user, fabriano_delegate, fabriano):
    make.project(lead=fabriano, status="submitted", title_it="Carta segreta")
    make.meeting(title_it="Bozza sulla carta", status="draft")
    make.meeting(title_it="Carta tra noi", is_public=False)
    make.news_item(title_it="Carta domani", is_published=False)
    make.city(name="Cartapoli", member=False)

    assert groups(client.get("/it/cerca/?q=carta")) == {}
    assert groups(as_user(fabriano_delegate).get("/it/cerca/?q=carta")) == {
        "cities": ["Cartapoli"],
        "projects": ["Carta segreta"],
        "meetings": ["Carta tra noi"],
    }


def test_the_best_five_lead_to_the_list_of_all(client, fabriano):
    for number in range(6):
        make.project(
            lead=fabriano, status="published", title_it=f"Altro {number}", summary_it="oro"
        )
    make.project(lead=fabriano, status="published", title_it="Oro")
    make.project(lead=fabriano, status="published", title_it="Ultimo", summary_it="oro")

    page = client.get("/it/cerca/?q=oro")

    assert groups(page)["projects"] == ["Oro", "Ultimo", "Altro 5", "Altro 4", "Altro 3"]
    assert page.context["count"] == 8
    assert 'href="/it/progetti/?q=oro"' in page.text


@pytest.mark.parametrize(
    "address", ["/it/cerca/", "/it/cerca/?q=", "/it/cerca/?q=a", "/en/search/"]
)
def test_without_words_it_says_how_to_search(client, fabriano, address):
    page = client.get(address)
    assert page.context["is_short"]
    assert page.context["groups"] == []


def test_where_nothing_is_found_it_helps(client, fabriano):
    page = client.get("/en/search/?q=zzz")
    assert "Nothing found for “zzz”" in page.text
    assert 'href="/en/cities/"' in page.text


@pytest.mark.parametrize(
    "typed", ['"><script>alert(1)</script>', "a\x00b", "x" * 10_000, "%", "🎷🎷"]
)
def test_the_page_stands_whatever_is_typed(client, fabriano, typed):
    page = client.get("/it/cerca/", {"q": typed})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_search_engines_do_not_list_results(client):
    assert '<meta name="robots" content="noindex">' in client.get("/it/cerca/?q=carta").text


def test_the_page_asks_a_fixed_number_of_questions(client, fabriano, django_assert_max_num_queries):
    def fill(times):
        for _ in range(times):
            make.project(lead=fabriano, status="published", title_it="Carta")
            make.meeting(title_it="Carta", host=fabriano)
            make.news_item(title_it="Carta")
            make.city(name=f"Carta {make._number()}")

    fill(1)
    client.get("/it/cerca/?q=carta")
    with django_assert_max_num_queries(6) as one:
        client.get("/it/cerca/?q=carta")
    fill(3)
    with django_assert_max_num_queries(6) as many:
        client.get("/it/cerca/?q=carta")
    assert len(many) == len(one)


def indexed():
    entries = IndexEntry.objects.values_list("content_type", "object_id", "autocomplete")
    return {(kind, int(pk)): words for kind, pk, words in entries}


def test_the_index_is_right_after_loading_and_after_clearing(settings):
    call_command("load_network", verbosity=0)
    network = indexed()
    call_command("load_demo", "--force", verbosity=0)
    loaded = indexed()
    assert found(Project, "carta suona") == ["La carta che suona"]
    call_command("rebuild_modelsearch_index", verbosity=0)
    assert indexed() == loaded

    call_command("clear_demo", "--force", verbosity=0)
    assert indexed() == network
    assert found(Project, "carta suona") == []
