"""What a project's page and form show of those who work on it: partner cities and updates."""

from projects.rights import acts_for, delegations_of, may_tell
from projects.states import OPEN, PartnershipStatus, ProjectStatus

MOST_UPDATES = 5
FIRST = [PartnershipStatus.ACCEPTED, PartnershipStatus.ASKING, PartnershipStatus.INVITED]


def partners_panel(project, user):
    """The partner cities this person may know of, what they may do about them, and who may ask.

    Takes one query; the project comes with its lead.
    """
    partnerships = list(project.partnerships.visible_to(user).select_related("city"))
    leads = acts_for(user, project.lead_id)
    oversees = user.is_authenticated and user.is_coordinator
    for each in partnerships:
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


def cities_to_join(project, user, partnerships):
    """The member cities of this person that have no part in the project, and never had."""
    known = {project.lead_id, *(each.city_id for each in partnerships)}
    mine = [each.city for each in delegations_of(user) if each.of_member]
    return [city for city in mine if city.pk not in known]


def updates_panel(project, user):
    """The latest updates, whether there are more, and whether this person may write one."""
    updates = list(updates_of(project)[: MOST_UPDATES + 1])
    return {
        "project": project,
        "updates": with_rights(updates[:MOST_UPDATES], project, user),
        "has_more": len(updates) > MOST_UPDATES,
        "may_tell": may_tell(project, user),
    }


def updates_of(project):
    return project.updates.recent().select_related("city")


def with_rights(updates, project, user):
    """The same updates, each with what this person may do to it."""
    oversees = acts_for(user, project.lead_id) or (user.is_authenticated and user.is_coordinator)
    for update in updates:
        is_mine = acts_for(user, update.city_id)
        update.may_edit = is_mine and project.status == ProjectStatus.PUBLISHED
        update.may_remove = is_mine or oversees
    return updates
