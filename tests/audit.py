"""Is a library that the portal ships known to be unsafe? `make audit` asks, and says what it could.

pip-audit compares what uv.lock ships with the advisories of the package registry, or of OSV where
that does not answer. It counts as asked only if there was an answer for every single library: a
registry that knows nothing of advisories would otherwise pass for a clean bill of health.

Ends with 0 if nothing is known, 1 if something is, 2 if nobody could be asked.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCES = {"pypi": "the package registry", "osv": "OSV"}
EXPORT = ["export", "--locked", "--no-dev", "--all-extras", "--no-emit-project", "--quiet"]
AUDIT = ["tool", "run", "--quiet", "pip-audit", "--require-hashes", "--disable-pip"]


def main(uv):
    with tempfile.TemporaryDirectory() as folder:
        shipped = f"{folder}/shipped.txt"
        subprocess.run([uv, *EXPORT, "--output-file", shipped], check=True, capture_output=True)
        for source, name in SOURCES.items():
            report = asked(uv, source, shipped, f"{folder}/{source}.json")
            code, told = verdict(report)
            print(f"Asked {name}: {told}")
            if code != 2:
                return code
    print("NOT AUDITED: nobody could be asked. Run it again from where the internet is.")
    return 2


def asked(uv, source, shipped, answer):
    """What pip-audit found out from this source: its report, empty if it got no answer at all."""
    where = ["--vulnerability-service", source, "--requirement", shipped]
    how = ["--timeout", "15", "--progress-spinner", "off", "--format", "json", "--output", answer]
    subprocess.run([uv, *AUDIT, *where, *how], check=False, capture_output=True)
    return json.loads(Path(answer).read_text()) if Path(answer).exists() else {}


def verdict(report):
    """What a report means, as (0, 1 or 2, in words)."""
    libraries = report.get("dependencies", [])
    unsafe = [
        f"\n  {each['name']} {each['version']}: {flaw['id']}, mended in {versions(flaw)}"
        for each in libraries
        for flaw in each.get("vulns", [])
    ]
    if unsafe:
        return 1, f"{len(unsafe)} known weaknesses.{''.join(unsafe)}"
    skipped = [each["name"] for each in libraries if "skip_reason" in each]
    if skipped or not libraries:
        return 2, f"no answer for {len(skipped) or 'all'} of {len(libraries) or 'the'} libraries."
    return 0, f"nothing is known against any of the {len(libraries)} libraries."


def versions(flaw):
    return " or ".join(flaw.get("fix_versions", [])) or "no version yet"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ["uv"]))
