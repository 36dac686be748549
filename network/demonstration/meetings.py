"""The meetings of the demonstration: each is played as far as its life goes, through the verbs."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from documents.blocks import block_text, blocks
from journal.models import Event
from meetings.carrying import put_on_agenda
from meetings.circulating import circulate_minutes
from meetings.invitations import Invitation, Letter, WorkingGroup
from meetings.letters import write_to_waiting
from meetings.models import (
    Action,
    AgendaItem,
    Decision,
    Meeting,
    MeetingPhoto,
    Minutes,
    MinutesSection,
)
from meetings.states import Answer, InvitedAs
from network.demonstration.cards import add_paper, illustrate
from programme.models import StrategicLine
from projects.models import Project

GROUP = {
    "name_it": "Gruppo progetti comuni (dimostrazione)",
    "name_en": "Group for common projects (demonstration)",
}
NOTICE = 21  # days between the letters and a meeting that is over


def tell_meeting(story, entry):
    """Play a meeting from its agenda to where its life has come."""
    tale = Tale(story, entry)
    tale.prepare()
    life = entry["life"]
    if life == "draft":
        return
    tale.convene()
    if life == "postponed":
        tale.postpone()
    if life in ("circulated", "closed"):
        tale.hold()
        tale.write()
        tale.circulate()
    if life == "closed":
        tale.close()
    tale.follow()


class Tale:
    """One meeting as it goes on; days are counted from today, those before it are below zero."""

    def __init__(self, story, entry):
        self.story, self.entry = story, entry
        self.minutes_told = entry.get("minutes", {})
        self.actions = []

    def day(self, days):
        return timezone.localdate() + timedelta(days=days)

    @property
    def coordinator(self):
        return self.story.coordinator

    @property
    def begins_in(self):
        """How many days from now it begins."""
        return (self.meeting.starts_on - timezone.localdate()).days

    # Prepare

    def prepare(self):
        """The meeting with its agenda and its papers, and first on it what is open from before."""
        entry, cities = self.entry, self.story.cities
        begins, ends = (self.moment(entry[hour]) for hour in ("hour", "until"))
        group = WorkingGroup.objects.get_or_create(**GROUP)[0] if entry.get("group") else None
        self.meeting = Meeting.objects.create(
            host=cities.get(entry["host"]),
            starts_at=begins,
            ends_at=ends,
            group=group,
            is_demo=True,
            **entry["values"],
        )
        self.meeting.fields.set(self.story.fields[slug] for slug in entry.get("fields", []))
        self.items = [self.add_item(*each) for each in enumerate(entry["agenda"], start=1)]
        if days := entry.get("proposals_days"):
            self.meeting.proposals_until = self.day(days)
            self.meeting.save(update_fields=["proposals_until"])
        if begins > self.story.now:
            put_on_agenda(self.meeting)
        for words in entry["documents"]:
            self.add_document(dict(words))

    def moment(self, hour):
        day = self.day(7 * self.entry["weeks"])
        thursday = day + timedelta(days=3 - day.weekday())
        return timezone.make_aware(datetime.combine(thursday, time(hour)))

    def add_item(self, position, words):
        known = ("title_it", "title_en", "kind", "minutes", "presenter", "is_sub")
        return AgendaItem.objects.create(
            meeting=self.meeting,
            position=position,
            city=self.story.cities.get(words.get("city")),
            project=project_named(words.get("project")),
            **{name: words[name] for name in known if name in words},
        )

    def add_document(self, words):
        number, earlier = words.pop("item", None), words.pop("earlier", None)
        owner = self.items[number - 1] if number else self.meeting
        add_paper(owner, words, self.coordinator, earlier=earlier)

    # Convene

    def convene(self):
        """Those invited get their letters, and answer; cities propose what is missing."""
        meeting, entry = self.meeting, self.entry
        self.invited = {each["who"]: self.invite(each["who"]) for each in entry["invited"]}
        if meeting.group:
            people = [each.user for each in self.invited.values() if each.user]
            meeting.group.people.add(*people)
        days = -entry.get("convened", self.begins_in - NOTICE)
        meeting.convene(by=self.coordinator)
        write_to_waiting(meeting, by=self.coordinator)
        self.story.happened(days)
        sent = self.story.ago(days)
        Invitation.objects.filter(meeting=meeting).update(sent_at=sent)
        Letter.objects.filter(invitation__meeting=meeting).update(created_at=sent)
        for each in entry["invited"]:
            self.answer(each, max(days - 3, 0))
        for proposal in entry.get("proposals", []):
            self.propose(proposal)

    def invite(self, who):
        """Somebody with an account, or a guest, for their city."""
        meeting = self.meeting
        if guest := self.story.guests.get(who):
            city = self.story.cities.get(guest["city"])
            words = {"name": guest["name"], "email": guest["email"], "role": guest["role"]}
            return Invitation.objects.create(meeting=meeting, city=city, **words)
        user = self.story.people[f"{who}@example.org"]
        acts = user.delegates.select_related("city").first()
        if acts is None:
            return Invitation.objects.create(meeting=meeting, user=user, role=InvitedAs.OBSERVER)
        return Invitation.objects.create(meeting=meeting, user=user, city=acts.city, role=acts.role)

    def answer(self, said, days):
        """What a person answered; of meetings that are over, as it was."""
        invitation = self.invited[said["who"]]
        words = {"answer": said["answer"], "note": said.get("note", "")}
        goes = said.get("goes")
        if said["answer"] and self.begins_in > 0:
            instead = (goes["name"], goes["email"]) if goes else None
            invitation.meeting = self.meeting
            invitation.reply(by=invitation.user, substitute=instead, **words)
            self.story.happened(days)
            if goes:
                deputy = Invitation.objects.get(stands_for=invitation)
                deputy.reply(goes["answer"], by=None)
                self.story.happened(days)
        elif goes:
            Invitation.objects.create(
                meeting=self.meeting,
                stands_for=invitation,
                city=invitation.city,
                role=invitation.role,
                answer=Answer.IN_PERSON,
                sent_at=self.story.ago(days),
                **goes,
            )
        when = self.story.ago(days) if said["answer"] else None
        Invitation.objects.filter(pk=invitation.pk).update(
            answered_at=when,
            opened_at=when or (self.story.ago(days) if said.get("opened") else None),
            attendance=said["attendance"],
            left_at=said.get("left_at"),
            **words,
        )

    def propose(self, words):
        """A city proposes an item; the coordinators place it, leave it out, or have not yet."""
        by = self.story.people[f"{words['by']}@example.org"]
        proposal = self.meeting.proposals.create(
            city=by.delegates.first().city,
            proposed_by=by,
            project=project_named(words.get("project")),
            **{name: words[name] for name in ("title", "text", "kind", "minutes")},
        )
        Event.objects.record(proposal, "propose", by=by, tell=[self.coordinator])
        self.story.happened(-words["days"])
        self.meeting.proposals.filter(pk=proposal.pk).update(
            created_at=self.story.ago(-words["days"])
        )
        if verdict := words["verdict"]:
            comment = {"comment": words["reason"]} if "reason" in words else {}
            getattr(proposal, verdict)(by=self.coordinator, **comment)
            self.story.happened(-words["days"] - 1)

    def postpone(self):
        self.meeting.postpone(by=self.coordinator, comment=self.entry["reason"])
        self.story.happened(-self.entry["postponed"])

    # Hold and write

    def hold(self):
        self.meeting.hold(by=self.coordinator)
        self.story.happened(-self.begins_in)
        for position, said in enumerate(self.entry.get("photos", []), start=1):
            photo = MeetingPhoto(meeting=self.meeting, position=position)
            illustrate(photo, seed=f"{self.meeting.slug} {position}", **said)
            photo.save()

    def write(self):
        """What was said under each item, what was decided, who does what by when."""
        told = self.minutes_told
        known = (
            "chair", "secretary", "approval", "silence_days", "summary_is_public", "summary_it",
            "summary_en",
        )  # fmt: skip
        self.minutes = Minutes.objects.create(
            meeting=self.meeting,
            comments_until=self.day(told["comments_until"]),
            **{name: told[name] for name in known},
        )
        for item, words in zip(self.items, self.entry["agenda"], strict=True):
            self.write_item(item, words)

    def write_item(self, item, words):
        section = MinutesSection(item=item, text_it=words["said_it"], text_en=words["said_en"])
        section._history_user = self.coordinator
        section._history_date = self.story.ago(-self.begins_in - 1)
        section.save()
        decision = None
        for each in words.get("decisions", []):
            decision = self.decide(item, each)
        for each in words.get("actions", []):
            action = Action.objects.create(
                meeting=self.meeting,
                item=item,
                decision=decision,
                due_on=self.day(each["due"]),
                line=line_numbered(each["line"]),
                project=project_named(each.get("project")),
                **{name: each[name] for name in ("title_it", "title_en", "is_public")},
            )
            action.cities.set(self.story.cities[slug] for slug in each["cities"])
            self.actions.append((action, each["story"]))

    def decide(self, item, words):
        decision = Decision(meeting=self.meeting, item=item, line=line_numbered(words["line"]))
        for name in ("text_it", "text_en", "how", "is_public"):
            setattr(decision, name, words[name])
        decision._history_user = self.coordinator
        decision.save()
        decision.cities.set(self.story.cities[slug] for slug in words["cities"])
        decision.projects.set(Project.objects.filter(slug__in=words["projects"], is_demo=True))
        for choice, slugs in words.get("votes", {}).items():
            for slug in slugs:
                decision.votes.create(city=self.story.cities[slug], choice=choice)
        return decision

    # Circulate and close

    def circulate(self):
        days = -self.minutes_told["circulated"]
        circulate_minutes(self.meeting, by=self.coordinator)
        self.story.happened(days)
        self.minutes = self.meeting.minutes
        Minutes.objects.filter(pk=self.minutes.pk).update(circulated_at=self.story.ago(days))
        letters = Letter.objects.filter(invitation__meeting=self.meeting, kind="minutes")
        letters.update(created_at=self.story.ago(days))
        for words in self.minutes_told["remarks"]:
            self.remark(words, days - 4)

    def remark(self, words, days):
        """A participant says something to a paragraph; the coordinators take it, or do not."""
        section = self.items[words["item"] - 1].section
        paragraphs = [block_text(each) for each in blocks(section.text_it)]
        invitation = self.invited[words["by"]]
        remark = section.amendments.create(
            invitation=invitation,
            quote=words.get("quote") or paragraphs[words["paragraph"] - 1],
            comment=words["comment"],
            proposal=words["proposal"],
        )
        Event.objects.record(remark, "propose", by=invitation.user, tell=[self.coordinator])
        self.story.happened(days)
        section.amendments.filter(pk=remark.pk).update(created_at=self.story.ago(days))
        if verdict := words["verdict"]:
            getattr(remark, verdict)(by=self.coordinator, comment=words["reason"])
            self.story.happened(days - 2)

    def close(self):
        """Nobody objects any more: the minutes are final, and later an annex corrects them."""
        told = self.minutes_told
        self.meeting.minutes.refresh_from_db()
        self.meeting.approve_by_silence(by=None)
        self.story.happened(-told["approved"])
        approved_on = self.day(told["approved"])
        Minutes.objects.filter(pk=self.minutes.pk).update(approved_on=approved_on)
        annex = self.minutes.annexes.create(
            text_it=told["annex_it"], text_en=told["annex_en"], added_by=self.coordinator
        )
        self.minutes.annexes.filter(pk=annex.pk).update(
            added_at=self.story.ago(-told["annex_days"])
        )

    def follow(self):
        """What became of its actions since."""
        for action, steps in self.actions:
            action.meeting = self.meeting
            for verb, day, comment, *more in steps:
                by = self.who_acts(action) if verb != "drop" else self.coordinator
                words = {"comment": comment} if comment else {}
                if verb == "shift":
                    words["due_on"] = action.due_on + timedelta(days=more[0])
                getattr(action, verb)(by=by, **words)
                self.story.happened(-day)
                if verb == "finish":
                    Action.objects.filter(pk=action.pk).update(done_on=self.day(day))

    def who_acts(self, action):
        slugs = action.cities.values_list("slug", flat=True)
        known = [self.story.delegates[slug] for slug in slugs if slug in self.story.delegates]
        return known[0] if known else self.coordinator


def project_named(slug):
    return Project.objects.filter(slug=slug, is_demo=True).first() if slug else None


def line_numbered(number):
    return StrategicLine.objects.filter(agreement__is_founding=True, number=number).first()
