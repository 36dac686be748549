"""Who may do what, asked of the code itself: throw-away people, cities and things in every state,
which the models' verbs and the querysets' permissions are asked about, and which are then gone.

`manage.py rights` writes the answers to docs/rights.md.
"""

from datetime import date, timedelta
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.db import transaction
from django.utils import timezone

from accounts.roles import COORDINATORS, OBSERVERS
from cities.models import City, CreativeField, Delegate, DelegateRole, Designation
from documents.models import Audience, Document
from journal.verbs import VerbModel
from meetings.models import Action, Amendment, Decision, Meeting, MeetingStatus, Minutes, Proposal
from meetings.states import MINUTED, ActionStatus, AmendmentStatus, ProposalStatus
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import ProjectUpdate
from projects.states import PartnershipStatus, ProjectStatus

PLACE = Path(__file__).parent.parent / "docs" / "rights.md"

# Who is asked, and what stands at the head of the column.
ROLES = {
    "visitor": "visitor",
    "lead": "lead city",
    "editing": "partner that edits",
    "updating": "partner that writes updates",
    "invited": "invited city",
    "member": "another member city",
    "candidate": "candidate city",
    "former": "former delegate",
    "observer": "observer",
    "coordinator": "coordinator",
}

# What people do without a verb: the querysets that answer which things they may do it to.
RIGHTS = {
    Project: {
        "read": Project.objects.visible_to,
        "edit the card": Project.objects.editable_by,
        "write updates": Project.objects.told_by,
        "ask to join": Project.objects.joinable_by,
        "see what changed": Project.objects.traced_by,
        "take a change back": Project.objects.restorable_by,
    },
    Partnership: {"read": Partnership.objects.visible_to},
    Meeting: {
        "read": Meeting.objects.visible_to,
        "propose an item": Meeting.objects.proposable_by,
        "read the minutes": Meeting.objects.minuted_to,
        "write the minutes": Meeting.objects.written_by,
    },
    Amendment: {"read": Amendment.objects.visible_to},
    Proposal: {"read": Proposal.objects.visible_to},
    Decision: {
        "read": Decision.objects.visible_to,
        "change": Decision.objects.writable_by,
        "remove": Decision.objects.removable_by,
    },
    Action: {"read": Action.objects.visible_to, "change": Action.objects.writable_by},
    Document: {"open": Document.objects.visible_to},
    ProjectUpdate: {
        "read": ProjectUpdate.objects.visible_to,
        "change": ProjectUpdate.objects.editable_by,
        "remove": ProjectUpdate.objects.removable_by,
    },
    City: {
        "read the page": City.objects.visible_to,
        "edit the page": City.objects.editable_by,
        "invite and end people": City.objects.peopled_by,
        "begin a project": City.objects.members().served_by,
    },
}

INTRODUCTION = """# Who may do what

Written by `manage.py rights` from the code; do not edit it by hand. A cell names the states in \
which the people of that column may; “all” means in every state, “–” never. The rule that it must \
keep to stands in `tests/test_rights.py`.

- **lead city**: a delegate of the city that leads the project. **partner that edits**, **partner \
that writes updates**, **invited city**: delegates of cities that take part in it, or are asked to.
- **former delegate**: acted for the lead city until yesterday.
- All delegates here are focal points; political delegates and collaborators may the same, except \
for naming people.
"""


class Cast:
    """A person of every role around one project, which looks for partners."""

    def __init__(self):
        self.made = 0
        self.field = CreativeField.objects.create(slug="rights", name="Rights", colour="#000000")
        self.cities = {
            name: self.city(name, member=name != "candidate")
            for name in ["lead", "editing", "updating", "invited", "member", "candidate"]
        }
        self.other_candidate = self.city("wishing", member=False)
        self.people = {"visitor": AnonymousUser()}
        for name, city in self.cities.items():
            self.people[name] = self.person(name)
            self.delegate(name, city)
        self.people["former"] = self.person("former")
        self.delegate("former", self.cities["lead"], ends_on=timezone.localdate() - timedelta(1))
        for name, group in [("observer", OBSERVERS), ("coordinator", COORDINATORS)]:
            self.people[name] = self.person(name)
            self.people[name].groups.add(Group.objects.get_or_create(name=group)[0])

    def city(self, name, *, member):
        city = City.objects.create(slug=f"rights-{name}", name=name, region="01")
        if member:
            Designation.objects.create(
                city=city, field=self.field, designated_on=date(2017, 10, 31)
            )
        return city

    def person(self, name):
        return get_user_model().objects.create(
            email=f"{name}@rights.invalid", first_name=name, last_name="Rights"
        )

    def delegate(self, name, city, ends_on=None):
        Delegate.objects.create(
            user=self.people[name],
            city=city,
            role=DelegateRole.FOCAL_POINT,
            starts_on=date(2020, 1, 1),
            ends_on=ends_on,
        )

    def project_in(self, status):
        """A whole project that looks for partners, with a city of every kind around it."""
        project = Project.objects.create(
            slug=self.new_slug(),
            title_it="rights",
            summary_it="rights",
            text_it="<p>rights</p>",
            starts_on=date(2026, 1, 1),
            lead=self.cities["lead"],
            status=status,
            looking_for_partners=True,
        )
        project.fields.add(self.field)
        for name, answer in [
            ("editing", PartnershipStatus.ACCEPTED),
            ("updating", PartnershipStatus.ACCEPTED),
            ("invited", PartnershipStatus.INVITED),
        ]:
            Partnership.objects.create(
                project=project,
                city=self.cities[name],
                status=answer,
                may_edit=name == "editing",
            )
        return project

    def projects(self):
        """A project in every state."""
        return {status: self.project_in(status) for status in ProjectStatus.values}

    def partnerships(self):
        """How the invited city can stand to a public project; taking part, also as what."""
        states = {status: {"status": status} for status in PartnershipStatus.values}
        states["accepted for updates"] = states.pop("accepted")
        states["accepted to edit"] = {"status": "accepted", "may_edit": True}
        things = {}
        for name, values in states.items():
            project = self.project_in("published")
            own = project.partnerships.filter(city=self.cities["invited"])
            own.update(**values)
            things[name] = own.select_related("project__lead", "city").get()
        return things

    def meetings(self, **values):
        """A meeting in every state, for whose agenda items may be proposed."""
        begins = {
            "title": "rights",
            "starts_at": timezone.now() + timedelta(days=7),
            "proposals_until": timezone.localdate() + timedelta(days=3),
        }
        meetings = {
            status: Meeting.objects.create(slug=self.new_slug(), status=status, **begins, **values)
            for status in MeetingStatus.values
        }
        for status in MINUTED:
            Minutes.objects.create(meeting=meetings[status])
        return meetings

    def proposals(self):
        """An item that the lead city proposed, with each thing that can have become of it."""
        meeting = self.meetings()[MeetingStatus.CONVENED]
        return {
            status: meeting.proposals.create(
                city=self.cities["lead"], title="rights", status=status
            )
            for status in ProposalStatus.values
        }

    def remarks(self):
        """What the lead city's delegate said to circulated minutes, and what became of it."""
        invitation = self.minuted().invitations.create(
            user=self.people["lead"], city=self.cities["lead"], sent_at=timezone.now()
        )
        return {
            status: invitation.amendments.create(quote="rights", status=status)
            for status in AmendmentStatus.values
        }

    def minuted(self, status="circulated"):
        """A public meeting that took place, as far as its minutes are."""
        return Meeting.objects.create(
            slug=self.new_slug(), title="rights", starts_at=timezone.now(), status=status
        )

    def decisions(self):
        """A decision of each mark, and one whose minutes are still being written."""
        states = {"public": ("circulated", True), "internal": ("closed", False)}
        states["not circulated"] = ("held", True)
        things = {}
        for name, (status, is_public) in states.items():
            meeting = self.minuted(status)
            item = meeting.agenda.create(title="rights")
            things[name] = meeting.decisions.create(item=item, text="rights", is_public=is_public)
        return things

    def actions(self):
        """An internal action in every state, a public one, and one that was not entrusted yet."""
        states = {status: {"status": status} for status in ActionStatus.values}
        states |= {"public": {"is_public": True}, "not entrusted": {"is_public": True}}
        things = {}
        for name, values in states.items():
            meeting = self.minuted("held" if name == "not entrusted" else "circulated")
            things[name] = meeting.actions.create(
                title="rights", due_on=timezone.localdate(), **values
            )
            things[name].cities.add(self.cities["lead"])
        return things

    def documents(self):
        """A document of the project for every audience."""
        owner = self.project_in("published")
        return {
            audience: Document.objects.create(owner=owner, title="rights", audience=audience)
            for audience in Audience.values
        }

    def updates(self):
        """An update of a project by each of its cities."""
        project = self.project_in("published")
        return {
            ROLES[name]: project.updates.create(city=self.cities[name], text="rights")
            for name in ("lead", "editing", "updating")
        }

    def new_slug(self):
        self.made += 1
        return f"rights-{self.made}"


def verbs_of(model):
    """The names of a model's verbs."""
    return sorted(
        {step.name for step in model._meta.get_field("status").get_all_transitions(model)}
    )


def verb_rows(cast, things):
    """For each verb and role, the states in which the person is offered the verb."""
    offered = {
        (role, state): {verb["name"] for verb in thing.verbs_for(person)}
        for role, person in cast.people.items()
        for state, thing in things.items()
    }
    return {
        name: {role: [state for state in things if name in offered[role, state]] for role in ROLES}
        for name in verbs_of(type(next(iter(things.values()))))
    }


def right_row(cast, things, permission):
    """For each role, which of the things a question of a queryset answers with."""
    row = {}
    for role, person in cast.people.items():
        let = keys_of(permission(person))
        row[role] = [state for state, thing in things.items() if thing.pk in let]
    return row


def keys_of(things):
    return set(things.order_by().values_list("pk", flat=True))


def city_row(cast, permission):
    """For each role, whether it may with the own city, another member, another candidate."""
    row = {}
    for role, person in cast.people.items():
        let = keys_of(permission(person))
        own = cast.cities.get("lead" if role == "former" else role)
        member = cast.cities["member" if role == "lead" else "lead"]
        which = {"own": own, "member": member, "candidate": cast.other_candidate}
        row[role] = [name for name, city in which.items() if city and city.pk in let]
    return row


def matrix():
    """All tables, {heading: ([state, …], {right: {role: [state, …]}})}; nothing is kept."""
    with transaction.atomic():
        tables = tables_of(Cast())
        transaction.set_rollback(True)
    return tables


def things_of(cast):
    """What is asked about: {heading: {state: thing}}."""
    return {
        "Projects, by state": cast.projects(),
        "Partnerships of the invited city, by its answer": cast.partnerships(),
        "Meetings open to the public, by state": cast.meetings(),
        "Meetings among ourselves, by state": cast.meetings(is_public=False),
        "Items that the lead city proposed for an agenda, by what became of them": (
            cast.proposals()
        ),
        "Remarks of the lead city on minutes, by what became of them": cast.remarks(),
        "Decisions of a public meeting, by mark and minutes": cast.decisions(),
        "Actions of the lead city, by state and mark": cast.actions(),
        "Documents of a public project, by audience": cast.documents(),
        "Updates of a public project, by who wrote them": cast.updates(),
    }


def tables_of(cast):
    """What stands in each table; verbs, which do not look at who may read, in one of each model."""
    tables, told = {}, set()
    for heading, states in things_of(cast).items():
        model = type(next(iter(states.values())))
        rows = {right: right_row(cast, states, let) for right, let in RIGHTS[model].items()}
        if issubclass(model, VerbModel) and model not in told:
            rows |= verb_rows(cast, states)
        told.add(model)
        tables[heading] = (list(states), rows)
    rows = {right: city_row(cast, let) for right, let in RIGHTS[City].items()}
    return tables | {"Cities, by whose": (["own", "member", "candidate"], rows)}


def written():
    """The matrix as docs/rights.md has it."""
    lines = [INTRODUCTION]
    for heading, (states, rows) in matrix().items():
        lines += [f"## {heading}", "", f"States: {', '.join(states)}.", ""]
        lines += ["| | " + " | ".join(ROLES.values()) + " |", "|---" * (len(ROLES) + 1) + "|"]
        for right, row in rows.items():
            cells = [cell(row[role], states) for role in ROLES]
            lines.append(f"| **{right.replace('_', ' ')}** | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def cell(allowed, states):
    return "all" if len(allowed) == len(states) else ", ".join(allowed) or "–"
