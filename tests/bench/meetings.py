"""The meetings of a data set, with agenda, decisions, actions and invitations; and its news."""

from datetime import timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cities.models import City, Delegate
from meetings.models import Action, AgendaItem, Decision, Invitation, Meeting
from news.models import NewsItem
from projects.models import Project
from tests.bench.indexing import index
from tests.bench.words import coined

AT_ONCE = 500
TO_COME = 8
ITEMS = 6
DECIDED = 3


def add(author, size):
    """Meetings until there are so many: a few to come, the others in the years behind us."""
    random, cities = author.random, list(City.objects.members())
    new = size.meetings - Meeting.objects.count()
    coming = max(TO_COME - Meeting.objects.filter(starts_at__gt=timezone.now()).count(), 0)
    for some in batched(range(new), AT_ONCE):
        made = Meeting.objects.bulk_create(
            meeting_of(author, random.choice(cities), is_coming=n < coming) for n in some
        )
        with transaction.atomic():
            keep(author, made, cities)


def meeting_of(author, host, is_coming):
    random = author.random
    days = random.randint(3, 90) if is_coming else -random.randint(2, 3000)
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    name = coined(random).capitalize()
    return Meeting(
        slug=f"{name.lower()}-{random.getrandbits(40):x}",
        title_it=author.title("it", name),
        title_en=author.title("en", name),
        **author.both("text", author.rich, 2),
        host=host,
        venue="Sala del Consiglio",
        address="Piazza del Comune 1",
        status="convened" if is_coming else "closed",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
    )


def keep(author, meetings, cities):
    """Store what hangs on meetings that have just been stored."""
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=n, **author.both("title", author.plain, 60))
        for meeting in meetings
        for n in range(1, ITEMS + 1)
    )
    closed = [meeting for meeting in meetings if meeting.status == "closed"]
    if closed:
        decide(author, closed, {item.meeting_id: item for item in items})
        entrust(author, closed[:100], cities)
    invite([meeting for meeting in meetings if meeting.status == "convened"])
    index(meetings)


def decide(author, meetings, items):
    """What they decided; numbers go on from the last of each year."""
    last = dict(Decision.objects.values_list("year").annotate(last=Max("number")).order_by())
    decisions = []
    for meeting in meetings:
        year = meeting.starts_at.year
        for _ in range(DECIDED):
            last[year] = (last.get(year) or 0) + 1
            decisions.append(
                Decision(meeting=meeting, item=items[meeting.pk], year=year, number=last[year],
                         is_public=True, how="unanimous", **author.both("text", author.plain, 250))
            )  # fmt: skip
    index(Decision.objects.bulk_create(decisions))
    some = list(Project.objects.published().order_by("pk")[:500])
    through = Decision.projects.through
    through.objects.bulk_create(
        through(decision=decision, project=author.random.choice(some))
        for decision in decisions[::3]
    )


def entrust(author, meetings, cities):
    """An action for two cities from each."""
    actions = Action.objects.bulk_create(
        Action(
            meeting=meeting,
            due_on=timezone.localdate() + timedelta(days=author.random.randint(-20, 200)),
            **author.both("title", author.plain, 90),
        )
        for meeting in meetings
    )
    Action.cities.through.objects.bulk_create(
        Action.cities.through(action=action, city=city)
        for action in actions
        for city in author.random.sample(cities, 2)
    )


def invite(meetings):
    """All delegates to all of them; they have not answered yet."""
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, user_id=user, city_id=city, role="focal_point",
                   sent_at=timezone.now())
        for meeting in meetings
        for user, city in Delegate.objects.values_list("user", "city")
    )  # fmt: skip


def add_news(author, size):
    """News until there are so many."""
    cities = list(City.objects.members())
    for some in batched(range(size.news - NewsItem.objects.count()), AT_ONCE):
        made = NewsItem.objects.bulk_create(news_of(author) for _ in some)
        NewsItem.cities.through.objects.bulk_create(
            NewsItem.cities.through(newsitem=item, city=author.random.choice(cities))
            for item in made
        )
        index(made)


def news_of(author):
    name = coined(author.random).capitalize()
    return NewsItem(
        slug=f"{name.lower()}-{author.random.getrandbits(40):x}",
        title_it=author.title("it", name),
        title_en=author.title("en", name),
        **author.both("summary", author.plain, 200),
        **author.both("text", author.rich),
        is_published=True,
        published_on=timezone.localdate() - timedelta(days=author.random.randint(0, 2000)),
    )
