"""Who may do what: role by role, right by right, state by state.

The tables below are the rule, written by hand. The code is asked (network.rights_matrix), and then
tried: every verb, by every person, in every state, through the model; tests/test_verb_doors.py
tries them all through their doors.

A new verb or right needs its line here; then `manage.py rights` writes docs/rights.md anew.
"""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cities.models import City
from journal.models import Event
from journal.verbs import TransitionNotAllowed, VerbModel
from meetings.models import Action, Amendment, Meeting, Proposal
from network.rights_matrix import PLACE, ROLES, Cast, matrix, things_of, verbs_of, written
from projects.models import Project
from projects.partnerships import Partnership

pytestmark = pytest.mark.django_db

# v visitor, l lead city, e partner that edits, u partner that writes updates, i invited city,
# m another member city, c candidate city, f former delegate, o observer, C coordinator; * all.
LETTERS = dict(zip("vleuimcfoC", ROLES, strict=True))

RULES = {
    "Projects, by state": """
                          draft  submitted  published  archived  withdrawn
        read              leui   leuiC      *          *         leuiC
        edit_the_card     le     -          le         -         -
        write_updates     -      -          leu        -         -
        ask_to_join       -      -          m          -         -
        see_what_changed  le     leC        leC        leC       leC
        take_a_change_back le    C          leC        C         C
        approve           -      C          -          -         -
        archive           -      -          C          -         -
        reopen            -      -          -          -         lC
        republish         -      -          -          C         -
        send_back         -      C          -          -         -
        submit            l      -          -          -         -
        take_back         -      l          -          -         -
        withdraw          -      lC         lC         lC        -
    """,
    "Partnerships of the invited city, by its answer": """
                      new  invited  asking  declined  refused  left  for_updates  to_edit
        read          liC  liC      liC     liC       liC      liC   *            *
        accept        -    i        -       i         -        -     -            -
        ask           i    -        -       -         i        i     -            -
        cancel        -    l        -       -         -        -     -            -
        decline       -    i        -       -         -        -     -            -
        invite        lC   -        -       lC        lC       lC    -            -
        leave         -    -        -       -         -        -     i            i
        let_edit      -    -        -       -         -        -     l            -
        only_updates  -    -        -       -         -        -     -            l
        refuse        -    -        l       -         -        -     -            -
        welcome       -    -        l       -         -        -     -            -
    """,
    "Meetings open to the public, by state": """
                   draft  convened  held  circulated  closed  postponed  cancelled
        read       C      *         *     *           *       *          *
        propose_an_item leuim leuim  -     -           -       leuim      -
        read_the_minutes - -        C     leuimcC     leuimcoC -         -
        write_the_minutes - -       C     C           -       -          -
        approve    -      -         -     C           -       -          -
        approve_by_silence - -      -     -           -       -          -
        cancel     C      C         -     -           -       C          -
        circulate  -      -         C     -           -       -          -
        convene    C      -         -     -           -       C          -
        hold       -      C         -     -           -       -          -
        postpone   C      C         -     -           -       -          -
    """,
    "Meetings among ourselves, by state": """
              draft  convened   held       circulated closed    postponed  cancelled
        read  C      leuimcoC   leuimcoC   leuimcoC   leuimcoC  leuimcoC   leuimcoC
        propose_an_item leuim leuim -      -          -         leuim      -
        read_the_minutes - -     C         leuimcC    leuimcoC  -          -
        write_the_minutes - -    C         C          -         -          -
    """,
    "Items that the lead city proposed for an agenda, by what became of them": """
                  proposed  accepted  declined  withdrawn
        read      lC        lC        lC        lC
        accept    C         -         -         -
        decline   C         -         -         -
        withdraw  l         -         -         -
    """,
    "Remarks of the lead city on minutes, by what became of them": """
                 open  taken  declined
        read     lC    lC     lC
        decline  C     -      -
        take     C     -      -
    """,
    "Decisions of a public meeting, by mark and minutes": """
              public  internal    not_circulated
        read  *       leuimcoC    C
        change C      -           C
        remove -      -           C
    """,
    "Actions of the lead city, by state and mark": """
                 open      in_progress  done      dropped   public  not_entrusted
        read     leuimcoC  leuimcoC     leuimcoC  leuimcoC  *       C
        change   C         C            -         -         C       C
        begin    lC        -            -         -         lC      -
        drop     C         C            -         -         C       -
        finish   lC        lC           -         -         lC      -
        note     lC        lC           -         -         lC      -
        reopen   -         -            C         C         -       -
        shift    lC        lC           -         -         lC      -
    """,
    "Documents of a public project, by audience": """
              public  delegates  participants  coordinators
        open  *       leuimcoC   -             C
    """,
    "Updates of a public project, by who wrote them": """
                lead  editing  updating
        read    *     *        *
        change  l     e        u
        remove  lC    leC      luC
    """,
    "Cities, by whose": """
                               own      member       candidate
        read_the_page          leuimcf  *            leuimcoC
        edit_the_page          leuimc   C            C
        invite_and_end_people  leuimc   C            C
        begin_a_project        leuim    -            -
    """,
}

MODELS = {
    "Projects, by state": Project,
    "Partnerships of the invited city, by its answer": Partnership,
    "Meetings open to the public, by state": Meeting,
    "Items that the lead city proposed for an agenda, by what became of them": Proposal,
    "Remarks of the lead city on minutes, by what became of them": Amendment,
    "Actions of the lead city, by state and mark": Action,
}


def rule(heading):
    """A rule as {right: [who may, for each state]}."""
    _states, *rows = [line.split() for line in RULES[heading].strip().splitlines()]
    return {name: [roles_of(letters) for letters in cells] for name, *cells in rows}


def roles_of(letters):
    return set(ROLES) if letters == "*" else {LETTERS[each] for each in letters if each != "-"}


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """People of every role and things in every state, made once; each trial is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = Cast()
        yield cast, things_of(cast)
        transaction.set_rollback(True)


def the_verbs():
    """Every verb of the rules, with the table it stands in."""
    return [
        pytest.param(heading, name, id=f"{model.__name__}-{name}")
        for heading, model in MODELS.items()
        for name in rule(heading)
        if name in verbs_of(model)
    ]


def test_every_verb_of_every_model_has_its_line_here():
    models = {model for model in apps.get_models() if issubclass(model, VerbModel)}
    assert models == set(MODELS.values()), "give each model with verbs its table"
    for heading, model in MODELS.items():
        assert set(verbs_of(model)) <= set(rule(heading)), "give each verb its line"


def test_the_code_answers_as_the_rules_say():
    told = matrix()
    assert list(told) == list(RULES)
    for heading, (states, rows) in told.items():
        answered = {
            right.replace(" ", "_"): [
                {role for role in ROLES if state in row[role]} for state in states
            ]
            for right, row in rows.items()
        }
        assert answered == rule(heading), heading


def test_the_page_of_rights_is_fresh():
    assert PLACE.read_text(encoding="utf-8") == written(), "run `manage.py rights`"


def test_asking_leaves_nothing_behind():
    matrix()
    assert not get_user_model().objects.exists()
    assert not City.objects.exists()


@pytest.mark.parametrize(("heading", "verb"), the_verbs())
def test_a_verb_is_for_these_people_in_these_states_and_for_nobody_else(stage, heading, verb):
    cast, things = stage
    for (state, thing), allowed in zip(things[heading].items(), rule(heading)[verb], strict=True):
        done = {role for role in ROLES if role != "visitor" and can(cast.people[role], verb, thing)}
        assert done == allowed, state


def can(person, verb, thing):
    """Whether the verb happens; what happened is taken back."""
    with transaction.atomic():
        fresh = type(thing).objects.get(pk=thing.pk)
        try:
            getattr(fresh, verb)(by=person)
        except (PermissionDenied, TransitionNotAllowed):
            assert not Event.objects.about(thing).exists()
            return False
        assert Event.objects.about(thing).get().verb == verb
        transaction.set_rollback(True)
    return True
