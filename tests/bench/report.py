"""The figures as tables that people read, in a terminal and in docs/performance.md."""

import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.bench.pages import LIMITS
from tests.serving import ROOT

MARKED = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.S)
# The targets: shares of the bare view, growth from the small set to the large one, megabytes.
CACHED, LISTED, DETAILED = 0.85, 0.030, 0.035
GROWTH = {"list, first page": 1.25, "list, filtered": 1.25, "list, last page": 1.5}
SHARES = {"list, first page": LISTED, "city": LISTED, "project": DETAILED}
MOST_MB, FLAT = 150, 1.05


def machine():
    """One line: when, at which commit, on what."""
    commit = git("rev-parse", "--short", "HEAD")
    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    processor = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", told.read_text()) if told.exists() else []
    gigabytes = round(psutil.virtual_memory().total / 2**30)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}{changed}, {psutil.cpu_count()} processors "
        f"({names[0] if names else processor}), {gigabytes} GB, Python {platform.python_version()}"
    )


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, check=False, capture_output=True, text=True)
    return done.stdout.strip()


def table(head, rows):
    """A Markdown table whose columns stand in line."""
    cells = [head, *(list(map(str, row)) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def figures_of(vendor, groups, known):
    """The table of a database: each page, on both sets, with and without page cache."""
    rows = []
    sizes = [each for each in known if each.vendor == vendor]
    seen = {
        page["name"]: [questions_of(each, page["name"]) for each in sizes]
        for page in [*sizes[0].pages["public"], *sizes[0].pages["inside"]]
    }
    for group in groups:
        mine = [target for target in group if target.server.startswith(vendor)]
        for cached in sorted({target.cached for target in mine}):
            some = [target for target in mine if target.cached is cached]
            rows.append(row_of(some, cached, seen[some[0].name]))
    head = ["page", "queries", "KB", "small p50", "large p50", "large p95", "large : small",
            "small CPU", "small req/s", "of bare", "large req/s", "of bare", "not 2xx"]  # fmt: skip
    return table(head, rows)


def row_of(targets, cached, seen):
    small, large = targets
    p50 = [each.median(lambda one: one.within(50)) for each in targets]
    return [
        f"{small.name}, cached" if cached else small.name,
        "/".join(str(questions[cached]) for questions in seen),
        f"{large.median(lambda one: one.read / max(one.count, 1)) / 1000:.1f}",
        *(f"{each:.1f} ms" for each in p50),
        f"{large.median(lambda one: one.within(95)):.1f} ms",
        f"{growth(targets):.2f}",
        f"{small.median(lambda one: 1000 * one.work / max(one.count, 1)):.2f} ms",
        f"{small.median(lambda one: one.per_second):.0f}",
        f"{small.ratio:.3f}",
        f"{large.median(lambda one: one.per_second):.0f}",
        f"{large.ratio:.3f}",
        sum(each.bad for each in targets),
    ]


def growth(targets):
    """How many times as long the large set takes as the small one, at p50."""
    small, large = (each.median(lambda one: one.within(50)) for each in targets)
    return large / small


def questions_of(known, name):
    """(without the page cache, with it) of a page."""
    pages = [*known.pages["public"], *known.pages["inside"]]
    page = next(each for each in pages if each["name"] == name)
    return page["questions"], page.get("questions_cached", page["questions"])


def counted(known):
    """The table of pages whose questions are counted and that are not driven."""
    rows = [
        [page["name"], *(questions_of(each, page["name"])[0] for each in known)]
        for page in known[0].pages["public"]
        if not page["is_driven"]
    ]
    return table(["page", *(each.key for each in known)], rows)


def checked(groups, known, held):
    """Each target: [what, target, measured, met or missed]."""
    rows = []
    targets = [target for group in groups for target in group]

    def check(what, limit, measured, is_met):
        rows.append([what, limit, measured, "met" if is_met else "MISSED"])

    worst = min((each for each in targets if each.cached), key=lambda each: each.ratio)
    check("anonymous page from the cache, worst", f"≥ {CACHED} of bare",
          f"{worst.ratio:.3f} ({worst.name}, {worst.server})", worst.ratio >= CACHED)  # fmt: skip
    for name, share in SHARES.items():
        some = [each for each in targets if each.name == name and not each.cached]
        least = min(some, key=lambda each: each.ratio)
        check(f"{name}, uncached, worst", f"≥ {share:.3f} of bare",
              f"{least.ratio:.3f} ({least.server})", least.ratio >= share)  # fmt: skip
    for kind, most in LIMITS.items():
        name, number = most_questions(known, kind)
        check(f"queries: {kind}", f"≤ {most}", f"{number} ({name})", number <= most)
    uneven = sorted(set(growing(known)))
    check("queries: constant in rows", "small = large", ", ".join(uneven) or "all", not uneven)
    for name, most in GROWTH.items():
        for vendor in dict.fromkeys(each.vendor for each in known):
            some = [each for each in targets if each.name == name and not each.cached]
            times = growth([each for each in some if each.server.startswith(vendor)])
            check(f"large : small, {name}, {vendor}", f"≤ {most}", f"{times:.2f}", times <= most)
    bad = sum(each.bad for each in targets)
    answers = sum(one.count for each in targets for one in each.slices)
    check("answers that are not 2xx", "0", f"{bad} of {answers}", not bad)
    if held:
        first, half, full = (max(held[count]) for count in sorted(held))
        told = f"{full[0]} MB, RSS {full[1]} ({first[0]} at the start, {half[0]} half-way)"
        is_small, is_flat = full[0] <= MOST_MB, full[0] <= half[0] * FLAT
        check("memory of a worker after 10 000 requests", f"≤ {MOST_MB} MB", told, is_small)
        check("memory: flat", f"≤ {FLAT} times half-way", f"{full[0] / half[0]:.2f}", is_flat)
    return rows


def most_questions(known, kind):
    """The page of a kind that asks the most, and how many times."""
    asked = [
        (f"{page['name']}, {each.key}", page["questions"])
        for each in known
        for page in [*each.pages["public"], *each.pages["inside"]]
        if page["kind"] == kind
    ]
    return max(asked, key=lambda each: each[1])


def growing(known):
    """The pages that ask more of the large set than of the small one."""
    for vendor in {each.vendor for each in known}:
        small, large = (each for each in known if each.vendor == vendor)
        for page in [*small.pages["public"], *small.pages["inside"]]:
            if questions_of(large, page["name"]) > questions_of(small, page["name"]):
                yield page["name"]


def told(groups, known, held, sizes):
    """The whole report as Markdown."""
    bare = [one for group in groups for one in group[0].bare]
    middle = sorted(one.per_second for one in bare)[len(bare) // 2]
    work = sorted(one.work / max(one.count, 1) for one in bare)[len(bare) // 2]
    least, most = min(one.per_second for one in bare), max(one.per_second for one in bare)
    small, large = (
        ", ".join(f"{many} {what}" for what, many in s._asdict().items()) for s in sizes
    )
    head = (
        f"Measured on {machine()}.\n\nSmall set: {small}. Large set: {large}. The bare view "
        f"answered {middle:.0f} requests a second ({least:.0f} to {most:.0f}), "
        f"with {1000 * work:.2f} ms of processor each."
    )
    targets = table(["what", "target", "measured", ""], checked(groups, known, held))
    parts = [head, targets]
    for vendor in dict.fromkeys(each.vendor for each in known):
        parts += [f"### {vendor}", figures_of(vendor, groups, known)]
    parts += ["### Queries of further pages", counted(known)]
    return "\n\n".join(parts) + "\n"


def write(text, path):
    """Put the report between the markers of a document. ValueError where it has none."""
    document = (ROOT / path).read_text(encoding="utf-8")
    if not MARKED.search(document):
        raise ValueError(f"{path} has no <!-- figures --> … <!-- /figures -->.")
    written = MARKED.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", document)
    (ROOT / path).write_text(written, encoding="utf-8")
