"""The minutes, written: item by item, by one person or several at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.diffs import word_diff
from journal.models import Presence, said_present
from meetings.agenda import AgendaItem, put_in_order
from meetings.models import Meeting, Minutes, MinutesSection
from meetings.next_thing import with_progress
from meetings.states import WRITABLE, Choice, MeetingStatus
from meetings.steps import page_context
from meetings.writing_forms import HeadForm, SectionForm, why_not

A_PAGE = 20


def meeting_write(request, pk):
    """Where the minutes begin: who led the meeting, who writes, who was there."""
    meeting = get_object_or_404(with_progress(Meeting.objects), pk=pk)
    minutes = getattr(meeting, "minutes", None) or Minutes(meeting=meeting)
    people = present_people(meeting)
    form = HeadForm(*sent(request), instance=minutes, by=request.user, meeting=meeting)
    if form.is_bound:
        return keep(request, form, meeting, None) or show_head(request, meeting, form, people)
    if meeting.status not in WRITABLE:
        return show_refusal(request, meeting)
    return show_head(request, meeting, form, people)


def section_write(request, pk, item):
    """What the minutes say of one item, and what was decided and asked under it."""
    meeting = get_object_or_404(with_progress(Meeting.objects), pk=pk)
    versions = MinutesSection.history.filter(item=OuterRef("pk")).order_by("-history_id")
    items = AgendaItem.objects.select_related("section").annotate(
        version=Subquery(versions.values("history_id")[:1])
    )
    item = get_object_or_404(items, meeting=meeting, pk=item)
    item.meeting = meeting
    form = SectionForm(*sent(request), instance=section_of(item), by=request.user, meeting=meeting)
    if form.is_bound:
        return keep(request, form, meeting, item) or show_section(request, item, form)
    if meeting.status not in WRITABLE:
        return show_refusal(request, meeting)
    return show_section(request, item, form)


def sent(request):
    return (request.POST,) if request.method == "POST" else ()


def section_of(item):
    """What the minutes say of an item so far; its row comes with the first word."""
    if not hasattr(item, "section"):
        return MinutesSection(item=item)
    item.section.version = item.version
    return item.section


def keep(request, form, meeting, item):
    """Keep what was typed and lead on; None where the page must show what is wrong."""
    if "autosave" in request.POST:
        return kept_by_itself(request, form, meeting, item)
    if form.is_valid() and form.keep():
        messages.success(request, _("Saved."))
        return redirect(f"{way_on(request.POST.get('go', ''), meeting, item)}#saved")
    return None


def kept_by_itself(request, form, meeting, item):
    """Keep what was typed so far, unless others read it at once; answer what the page needs."""
    form.full_clean()
    saved = meeting.status == MeetingStatus.HELD and form.keep(by_itself=True)
    answer = {"saved": saved, "errors": [errors[0] for errors in form.errors.values()]}
    if saved:
        answer |= {
            "starts": form.starts(),
            "address": address(meeting, item),
            "card": card_of(request, meeting, item),
            "both": {name: both_texts(request, form, name) for name in form.conflicts},
        }
        if form.conflicts:
            answer["starts"] |= {
                form[name].html_initial_name: theirs for name, theirs in form.conflicts.items()
            } | {"version": [str(form.current_version(form.instance))]}
    return JsonResponse(answer)


def both_texts(request, form, name):
    """The two texts side by side, for the page on which a person has just typed the second."""
    return render_to_string("components/field_notes.html", {"field": form[name]}, request)


def card_of(request, meeting, item):
    """The name of what was typed, on the device where it was typed."""
    return f"{request.user.pk}:minutes-{meeting.pk}-{item.pk if item else 0}"


def address(meeting, item=None):
    if item is None:
        return reverse("admin:meeting_write", args=[meeting.pk])
    return reverse("admin:section_write", args=[meeting.pk, item.pk])


def way_on(go, meeting, item):
    """Where a button leads, after what was typed has been saved."""
    way, _dash, key = go.partition("-")
    under = item.pk if item else 0
    if way == "head":
        return address(meeting)
    if way == "history" and item:
        return reverse("admin:section_history", args=[meeting.pk, item.pk])
    if go in ("new-decision", "new-action"):
        return reverse(f"admin:{key}_create", args=[meeting.pk, under])
    if way in ("decision", "action") and key.isdecimal():
        return reverse(f"admin:{way}_edit", args=[meeting.pk, under, key])
    if way == "item" and key.isdecimal():
        return reverse("admin:section_write", args=[meeting.pk, key])
    return address(meeting, item)


def show_head(request, meeting, form, people):
    context = writing_context(request, meeting, None, people=people)
    outcome = outcome_of(meeting, None)
    may_enter = not context["agenda"] or any(outcome.values())
    context |= {"form": form, "outcome": outcome if may_enter else None}
    return render(request, "admin/meetings/meeting_write.html", context)


def show_section(request, item, form):
    context = writing_context(request, item.meeting, item)
    context |= {"form": form, "outcome": outcome_of(item.meeting, item)}
    return render(request, "admin/meetings/meeting_write.html", context)


def show_refusal(request, meeting):
    """Before a meeting is held there is nothing to write; once approved, nothing to change."""
    context = page_context(request, meeting, _("Write the minutes")) | {"why_not": why_not(meeting)}
    return render(request, "admin/meetings/writing_refused.html", context)


def writing_context(request, meeting, item, people=None):
    """What every page of the editor shows: the agenda, who else writes, who was there."""
    agenda = agenda_of(meeting)
    here = item or meeting
    Presence.objects.mark(here, request.user)
    others = Presence.objects.others_at(agenda if item else [meeting], request.user)
    for each in agenda:
        each.is_here = item is not None and each.pk == item.pk
        each.writers = ", ".join(others.get(each.pk, [])) if item else ""
    number = next((each.place.number for each in agenda if each.is_here), "")
    return {
        **page_context(request, meeting, _("Write the minutes")),
        "is_nav_sidebar_enabled": False,
        "minutes": getattr(meeting, "minutes", None),
        "item": item,
        "under": here.pk if item else 0,
        "number": number,
        "agenda": agenda,
        "after": after(agenda, item),
        "people": present_people(meeting) if people is None else people,
        "present": said_present(others.get(here.pk, [])),
        "card": card_of(request, meeting, item),
        "saves_itself": meeting.status == MeetingStatus.HELD,
    }


def agenda_of(meeting):
    """The agenda with what each item has so far."""
    written = Q(text_it__gt="") | Q(text_en__gt="")
    items = meeting.agenda.annotate(
        has_text=Exists(MinutesSection.objects.filter(written, item=OuterRef("pk"))),
        decision_count=Count("decisions", distinct=True),
        action_count=Count("actions", distinct=True),
    )
    return put_in_order(meeting, items.order_by("position", "pk"))


def after(agenda, item):
    """The item that comes next; after the last none."""
    places = [each.pk for each in agenda]
    place = places.index(item.pk) + 1 if item else 0
    return agenda[place] if place < len(agenda) else None


def present_people(meeting):
    """Who was there, by name, city by city."""
    return list(meeting.invitations.standing().attended().for_lists())


def outcome_of(meeting, item):
    """What was decided and asked under an item, or under none."""
    votes = {f"votes_{choice}": Count("votes", Q(votes__choice=choice)) for choice in Choice.values}
    decisions = meeting.decisions.filter(item=item).annotate(**votes).order_by("pk")
    actions = meeting.actions.filter(item=item).prefetch_related("cities").order_by("pk")
    return {"decisions": list(decisions), "actions": list(actions)}


@require_POST
def writing_presence(request, pk, item):
    """That this person still writes here; answers who else does, and where the others are."""
    meeting = get_object_or_404(Meeting.objects.written_by(request.user), pk=pk)
    if not item:
        return JsonResponse({"present": Presence.objects.note(meeting, request.user)})
    agenda = list(meeting.agenda.all())
    here = get_object_or_404(meeting.agenda, pk=item)
    Presence.objects.mark(here, request.user)
    others = Presence.objects.others_at(agenda, request.user)
    elsewhere = {key: ", ".join(names) for key, names in others.items()}
    present = said_present(others.get(here.pk, []))
    return JsonResponse({"present": present, "elsewhere": elsewhere})


def section_history(request, pk, item):
    """Each text that an item had: who wrote it, when, and what changed."""
    item = get_object_or_404(AgendaItem.objects.select_related("meeting"), meeting=pk, pk=item)
    versions = MinutesSection.history.filter(item=item.pk).select_related("history_user")
    page = Paginator(versions.order_by("-history_id"), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    tell_changes(page.object_list, versions)
    sections = MinutesSection.objects.writable_by(request.user)
    context = {
        **page_context(request, item.meeting, _("History")),
        "item": item,
        "page": page,
        "may_restore": sections.filter(item=item).exists(),
    }
    return render(request, "admin/meetings/section_history.html", context)


def tell_changes(versions, among):
    """Give each version what it changed in the one before it, language by language."""
    if not versions:
        return
    earlier = among.filter(history_id__lt=versions[-1].pk).order_by("-history_id").first()
    for version, before in zip(versions, [*versions[1:], earlier], strict=True):
        version.changes = [
            (language, word_diff(getattr(before, name, ""), getattr(version, name)))
            for name, language in (("text_it", _("In Italian")), ("text_en", _("In English")))
            if (getattr(before, name, "") or "") != (getattr(version, name) or "")
        ]


@require_POST
def section_restore(request, pk, item, version):
    """Bring back a text that an item had; the one it has now stays in the history."""
    with transaction.atomic():
        meetings = Meeting.objects.written_by(request.user).select_for_update()
        meeting = get_object_or_404(meetings, pk=pk)
        sections = MinutesSection.objects.writable_by(request.user).filter(item__meeting=meeting)
        section = get_object_or_404(sections, item=item)
        old = get_object_or_404(section.history, pk=version)
        section.text_it, section.text_en = old.text_it, old.text_en
        section._history_user = request.user
        section.save()
    messages.success(request, _("The text is as it was."))
    return redirect("admin:section_write", pk, item)
