"""What stands in deploy/ and its guide fits the code: variables, commands, addresses, limits."""

import configparser
import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands

from documents.files import MAX_BYTES
from tests.test_house import NAMED

ROOT = settings.BASE_DIR
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SITE = (DEPLOY / "nginx/portal.conf").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
KNOWN = set(NAMED.findall((ROOT / "README.md").read_text(encoding="utf-8")))
# Of others: Python, uv, PostgreSQL's image, systemd, the C library.
FOREIGN = {
    "MALLOC_ARENA_MAX", "PATH", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "TMPDIR",
}  # fmt: skip


def unit(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def test_every_variable_named_there_is_one_that_the_portal_reads():
    named = set(re.findall(r"^#?([A-Z_]{4,})=", (DEPLOY / "portal.env").read_text(), re.M))
    named |= set(re.findall(r"^\s+([A-Z_]{4,}): ", COMPOSE, re.M))
    named |= set(re.findall(r"\b([A-Z_]{4,})=", CONTAINER))
    named |= set(re.findall(r"`([A-Z]+_[A-Z_]+)", GUIDE))
    ours = {name for name in named - FOREIGN if not name.startswith(("PYTHON", "UV_"))}
    assert ours - KNOWN == set()
    assert {"SECRET_KEY", "DATABASE_URL", "MAIL_URL", "BEHIND_PROXY"} <= ours


def test_every_command_named_there_is_one_of_manage_py():
    texts = [path.read_text(encoding="utf-8") for path in UNITS] + [COMPOSE, CONTAINER, GUIDE]
    named = {word for text in texts for word in re.findall(r"manage\.py ([a-z_]+)", text)}
    named |= set(re.findall(r"(?:^|`|&& )portal ([a-z_]+)", GUIDE, re.M))
    assert {"deliver", "backup", "rehearse", "migrate"} <= named
    assert named <= set(get_commands())


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_each_unit_is_shut_in_and_each_timer_has_its_service(path):
    parsed = unit(path)
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        assert parsed["Timer"]["Persistent"] == "yes"
        return
    service = parsed["Service"]
    assert service["User"] == "portal"
    assert service["NoNewPrivileges"] == service["ProtectHome"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_the_site_lets_through_what_the_portal_takes_and_nothing_of_the_private_folder():
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", SITE)[1])
    assert megabytes * 1024**2 >= 2 * MAX_BYTES
    private = re.search(r"location /private/ \{(.*?)\n    \}", SITE, re.S)[1]
    assert "internal;" in private
    assert "sandbox" in private
    assert "X_ACCEL_PREFIX=/private/" in (DEPLOY / "portal.env").read_text(encoding="utf-8")
    for header in ("Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Request-ID"):
        assert f"proxy_set_header {header} " in SITE


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    copies = []
    for path in UNITS:  # the commands are not installed here: anything that runs stands for them
        text = re.sub(r"/opt/portal/\.venv/bin/\w+", "/bin/true", path.read_text(encoding="utf-8"))
        copies.append(tmp_path / path.name)
        copies[-1].write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, copies)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_nginx_finds_nothing_wrong_with_the_site(tmp_path):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx or not shutil.which("openssl"):
        pytest.skip("no nginx on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=portal.example.org", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    site = re.sub(r"/etc/letsencrypt/\S+privkey\.pem", str(key), SITE)
    site = re.sub(r"/etc/letsencrypt/\S+fullchain\.pem", str(certificate), site)
    site = site.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
        f" http {{ include {tmp_path}/site.conf; }}",
        encoding="utf-8",
    )
    done = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert "test is successful" in done.stderr, done.stderr


def test_compose_reads_its_file(tmp_path):
    compose = shutil.which("docker-compose")
    if not compose:
        pytest.skip("no docker-compose on this machine")
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder)
    compose_file = COMPOSE.replace("/etc/portal.env", "portal.env")
    (folder / "compose.yaml").write_text(compose_file, encoding="utf-8")
    done = subprocess.run(
        [compose, "--file", "compose.yaml", "config"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "POSTGRES_PASSWORD": "secret"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "read_only: true" in done.stdout
    assert "postgres://portal:secret@database/portal" in done.stdout
