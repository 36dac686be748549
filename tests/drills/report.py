"""The figures of the last run, between the markers of docs/reliability.md."""

import platform
import re
import subprocess
from datetime import UTC, datetime

import psutil

from tests.serving import ROOT

PAGE = ROOT / "docs" / "reliability.md"
MARKS = "<!-- drills -->", "<!-- /drills -->"


def write(tallies, *, short):
    """Put them there, with machine, date, commit, and whether it was the short form."""
    page = PAGE.read_text(encoding="utf-8")
    between = f"{MARKS[0]}\n{said(tallies, short=short)}\n{MARKS[1]}"
    pattern = re.compile(f"{re.escape(MARKS[0])}.*{re.escape(MARKS[1])}", re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _found: between, page), encoding="utf-8")


def said(tallies, *, short):
    form = "short" if short else "long"
    lines = [
        f"The {form} form. {machine()}, {datetime.now(UTC):%Y-%m-%d}, commit {commit()}.",
        "",
        "| drill | database | tried | lost | seconds |",
        "|---|---|---|---|---|",
    ]
    for tally in tallies:
        tried = tally.tried_in_words + "".join(f"; not tried: {each}" for each in tally.skipped)
        lost, seconds = tally.lost_in_words, round(tally.seconds)
        lines.append(f"| {tally.drill} | {tally.database} | {tried} | {lost} | {seconds} |")
    return "\n".join(lines)


def machine():
    """What it ran on."""
    memory = round(psutil.virtual_memory().total / 1024**3)
    python = platform.python_version()
    return f"{psutil.cpu_count()} cores, {memory} GB, {platform.system()}, Python {python}"


def commit():
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"
