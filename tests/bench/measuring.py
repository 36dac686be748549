"""One interleaved run: every page on every server, in short stretches, round after round.

The stretches of one page follow each other, and the bare view stands among them: a slow moment of
the machine hits all alike, and what is compared was measured within the same seconds.
"""

import json
import statistics
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.bench.driver import CONNECTIONS, Reader, Writer, asking, drive
from tests.bench.sets import environment_of
from tests.serving import ROOT, Served, portal

WARM_UP = 0.3  # seconds
MEMORY_AT = (5_000, 10_000)  # requests
UNLIMITED = {"LIMITS": "1000000"}  # counted as ever, and never refused
BARE = "bare"


@dataclass
class Set:
    """A data set: which database, how large, where, and what its pages look like from inside."""

    vendor: str
    size: str
    url: str
    folder: Path
    pages: dict = field(default_factory=dict)

    @property
    def key(self):
        return f"{self.vendor} {self.size}"


@dataclass
class Target:
    """A page on a server: its slices, one a round."""

    name: str
    server: str
    cached: bool
    served: Served
    voices: list
    slices: list = field(default_factory=list)
    bare: list = field(default_factory=list)  # the bare view's, of the same rounds

    def median(self, figure):
        return statistics.median(map(figure, self.slices))

    @property
    def ratio(self):
        """Requests a second as a share of the bare view's."""
        return statistics.median(
            own.per_second / other.per_second
            for own, other in zip(self.slices, self.bare, strict=True)
        )

    @property
    def bad(self):
        return sum(each.bad for each in self.slices)


def look_at(known):
    """Ask each set once, in a process of its own, for its pages and what they ask the database."""
    for each in known:
        print(f"Looking at the pages of {each.key}", flush=True)
        inside = json_of(environment_of(each.url, each.folder))
        kept = json_of(environment_of(each.url, each.folder, PAGE_CACHE_URL=""))
        for page, again in zip(inside["public"], kept["public"], strict=True):
            page["questions_cached"] = again["questions"]
        each.pages = inside


def json_of(environment):
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.pages"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def serve(stack, known):
    """Start two servers for each set, with and without page cache: {(key, cached): Served}."""
    served = {}
    for each in known:
        for cached in (False, True):
            place = each.folder / f"{each.key.replace(' ', '-').lower()}-{cached}"
            env = {**UNLIMITED, **({} if cached else {"PAGE_CACHE_URL": "off"})}
            served[each.key, cached] = stack.enter_context(
                portal(database_url=each.url, data_dir=place, **env)
            )
    return served


def targets_of(known, served):
    """All that is measured, grouped by page."""
    groups = []
    first = known[0].pages
    for place, page in enumerate(first["public"]):
        if page["is_driven"]:
            groups.append(
                [
                    reading(page["name"], each, served[each.key, cached], cached, place)
                    for cached in (False, True)
                    for each in known
                ]
            )
    for place, page in enumerate(first["inside"]):
        kind = writing if page["name"] == "draft saved" else inside
        groups.append([kind(each, served[each.key, True], place) for each in known])
    return groups


def reading(name, known, served, cached, place):
    request = asking(served.address, known.pages["public"][place]["address"])
    voices = [Reader([request]) for _ in range(CONNECTIONS)]
    return Target(name, known.key, cached, served, voices)


def inside(known, served, place):
    page = known.pages["inside"][place]
    request = asking(served.address, page["address"], known.pages["cookie"])
    voices = [Reader([request]) for _ in range(CONNECTIONS)]
    return Target(page["name"], known.key, False, served, voices)


def writing(known, served, place):
    voices = [
        Writer(served.address, draft, fields, known.pages["cookie"])
        for draft, fields in known.pages["drafts"].items()
    ]
    return Target(known.pages["inside"][place]["name"], known.key, False, served, voices)


def run(groups, bare_view, *, rounds, seconds):
    """Measure all of it, round after round."""
    request = asking(bare_view.address, "/")
    ruler = [Reader([request]) for _ in range(CONNECTIONS)]
    for number in range(rounds):
        for group in groups:
            bare = stretch(bare_view, ruler, seconds)
            for target in group:
                target.slices.append(stretch(target.served, target.voices, seconds))
                target.bare.append(bare)
            say(f"Round {number + 1} of {rounds}: {group[0].name}")
    say("")


def stretch(served, voices, seconds):
    """A slice of so many seconds, after a moment to warm up, and the workers' time for it."""
    drive(served.address, voices, seconds=WARM_UP)
    before = working_time(served)
    found = drive(served.address, voices, seconds=seconds)
    found.work = working_time(served) - before
    return found


def working_time(served):
    """How many seconds of processor the workers of a server have had so far."""
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in served.workers)


def say(text):
    print(f"\r{text:<60}", end="", flush=True)


def memory(known, most=MEMORY_AT):
    """What the workers of a fresh portal hold, in MB, at the start and after so many requests, of
    every page in turn, inside ones too: {requests: [(PSS, RSS) of each worker]}."""
    pages = known.pages
    held = {}
    with ExitStack() as stack:
        served = stack.enter_context(
            portal(
                database_url=known.url,
                data_dir=known.folder / "memory",
                PAGE_CACHE_URL="off",
                **UNLIMITED,
            )
        )
        asked = [
            *(asking(served.address, page["address"]) for page in pages["public"]),
            *(asking(served.address, page["address"], pages["cookie"])
              for page in pages["inside"] if not page["name"].startswith("draft")),
        ]  # fmt: skip
        voices = [Reader(asked, start) for start in range(CONNECTIONS)]
        held[0], done = resident(served), 0
        for count in most:
            say(f"Memory: {count} requests to {known.key}")
            done += drive(served.address, voices, count=count - done).count
            held[count] = resident(served)
    say("")
    return held


def resident(served):
    """Of each worker: its share of the machine's memory (PSS, which counts what processes have in
    common once), and all that it has mapped (RSS)."""
    infos = [psutil.Process(pid).memory_full_info() for pid in served.workers]
    return [(getattr(i, "pss", i.rss) // 2**20, i.rss // 2**20) for i in infos]
