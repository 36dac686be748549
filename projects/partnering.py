"""Working together: cities that are asked to take part or ask to join, and their answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cities.at_once import asked_at_once
from journal.signed_links import NotOurs, by_link, opened
from projects.acting import back_to, do, do_with_comment, too_late
from projects.models import Project
from projects.partner_forms import AnswerForm, AskForm, InviteForm
from projects.partnerships import ANSWER_DAYS, Partnership
from projects.rights import acts_for, delegates_of, delegations_of, keeps_card
from projects.states import OPEN, PartnershipStatus

FIRST = [PartnershipStatus.ACCEPTED, PartnershipStatus.ASKING, PartnershipStatus.INVITED]


def partners_panel(project, user):
    """The partner cities this person may know of, what they may do about them, and who may ask.

    Takes one query; the project comes with its lead.
    """
    partnerships = partnerships_at_once(user, project=project.pk)["partnerships"]
    leads = acts_for(user, project.lead_id)
    oversees = user.is_authenticated and user.is_coordinator
    for each in partnerships:
        each.project = project
        each.is_mine = acts_for(user, each.city_id)
        each.is_told = each.is_mine or leads or oversees
        each.verbs = each.verbs_for(user)
    partnerships.sort(key=lambda each: FIRST.index(each.status) if each.status in FIRST else 9)
    return {
        "project": project,
        "partnerships": partnerships,
        "may_invite": (leads or oversees) and project.status in OPEN,
        "may_ask": project.seeks_partners and bool(cities_to_join(project, user, partnerships)),
    }


@asked_at_once
def partnerships_at_once(user, project):
    shown = Partnership.objects.filter(project=project).visible_to(user)
    return {"partnerships": shown.select_related("city")}


def cities_to_join(project, user, partnerships):
    """The member cities of this person that have no part in the project, and never had."""
    known = {project.lead_id, *(each.city_id for each in partnerships)}
    mine = [each.city for each in delegations_of(user) if each.of_member]
    return [city for city in mine if city.pk not in known]


def partnership_invite(request, slug):
    """Ask cities to take part, with a message that their people get by mail at once."""
    projects = Project.objects.inviting_by(request.user).select_related("lead")
    project = get_object_or_404(projects, slug=slug)
    if request.method == "GET" and project.status not in OPEN:
        return too_late(request, project)
    chosen = {"cities": request.GET.getlist("city")}
    form = InviteForm(request.POST or None, project=project, initial=chosen)
    if request.method == "POST" and form.is_valid():
        say_who_was_asked(request, *form.invite(by=request.user))
        if request.GET.get("to") == "card" and keeps_card(project, request.user):
            return redirect("project_step", project.slug, "partners")
        return back_to(request, project)
    return render(request, "projects/partnership_invite.html", {"form": form, "project": project})


def say_who_was_asked(request, asked, late):
    unreachable = [city for city in asked if not delegates_of([city.pk]).exists()]
    told = [city for city in asked if city not in unreachable]
    if told:
        text = _("Invited: %(cities)s. Their people are told by mail, and answer for themselves.")
        messages.success(request, text % {"cities": listed(told)})
    if unreachable:
        text = _("Invited: %(cities)s. Nobody acts for them in the portal yet: call their office.")
        messages.warning(request, text % {"cities": listed(unreachable)})
    if late:
        text = _("Not invited: %(cities)s. They take part, or somebody has asked them already.")
        messages.warning(request, text % {"cities": listed(late)})


def listed(cities):
    return ", ".join(map(str, cities))


def partnership_ask(request, slug):
    """Ask to join a project that looks for partners; the lead city's people are told at once."""
    sent = request.method == "POST"
    projects = Project.objects.published() if sent else Project.objects.joinable_by(request.user)
    project = get_object_or_404(projects.select_related("lead"), slug=slug)
    chosen = {"city": request.GET.get("city")}
    form = AskForm(request.POST or None, project=project, by=request.user, initial=chosen)
    if not form.cities:
        raise Http404
    if sent and form.is_valid() and form.ask():
        messages.success(request, _("Asked: the lead city is told by mail, and answers."))
        return redirect(project)
    return render(request, "projects/partnership_ask.html", {"form": form, "project": project})


@require_POST
def partnership_accept(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do(request, partnership, "accept", _("Your city takes part. The lead city is told."))


@require_POST
def partnership_decline(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do_with_comment(
        request, partnership, "decline", _("Declined. The lead city reads your reason.")
    )


@require_POST
def partnership_leave(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do_with_comment(
        request, partnership, "leave", _("Your city has left. What it did stays in the project.")
    )


@require_POST
def partnership_cancel(request, pk):
    partnership = get_object_or_404(Partnership.objects.led_by(request.user), pk=pk)
    return do(request, partnership, "cancel", _("Taken back: the invitation no longer counts."))


@require_POST
def partnership_welcome(request, pk):
    partnership = get_object_or_404(Partnership.objects.led_by(request.user), pk=pk)
    return do(request, partnership, "welcome", _("Welcome: the city takes part, and is told."))


@require_POST
def partnership_refuse(request, pk):
    partnership = get_object_or_404(Partnership.objects.led_by(request.user), pk=pk)
    return do_with_comment(
        request, partnership, "refuse", _("Answered: the city reads your reason.")
    )


@require_POST
def partnership_let_edit(request, pk):
    partnership = get_object_or_404(Partnership.objects.led_by(request.user), pk=pk)
    return do(request, partnership, "let_edit", _("Its people may edit the card from now on."))


@require_POST
def partnership_only_updates(request, pk):
    partnership = get_object_or_404(Partnership.objects.led_by(request.user), pk=pk)
    return do(
        request, partnership, "only_updates", _("Its people write updates, and edit no longer.")
    )


@login_not_required
@never_cache
@by_link(gone="projects/partnership_answer_gone.html")
def partnership_answer(request, token):
    """Answer from a letter, without logging in. Opening it changes nothing, its buttons do."""
    partnership, person, waits = invitation_of(token)
    form = AnswerForm(request.POST or None)
    unsent = ""
    if request.method == "POST":
        if waits and form.is_valid() and form.give(partnership, by=person):
            return redirect(request.path)
        if not waits or form.is_valid():  # a colleague was faster
            partnership, person, waits = invitation_of(token)
            unsent = request.POST.get("comment", "")
    context = {
        "partnership": partnership,
        "project": partnership.project,
        "person": person,
        "waits": waits,
        "form": form,
        "unsent": unsent,
    }
    return render(request, "projects/partnership_answer.html", context)


def invitation_of(token):
    """The partnership a letter is about, its reader, and whether it still waits for an answer."""
    person, pk, asked_at = opened("partnership", token, days=ANSWER_DAYS)
    partnership = Partnership.objects.select_related("city", "project__lead").filter(pk=pk).first()
    if partnership is None or not acts_for(person, partnership.city_id):
        raise NotOurs
    waits = (
        partnership.status == PartnershipStatus.INVITED
        and partnership.asked_at.isoformat() == asked_at
        and partnership.project.status in OPEN
    )
    return partnership, person, waits
