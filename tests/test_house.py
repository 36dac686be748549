"""The house rules that a machine can hold us to. DESIGN's floors are proven by import-linter."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from tests.audit import verdict

ROOT = settings.BASE_DIR
ROOMS = [app.name for app in apps.get_app_configs() if str(app.path) == str(ROOT / app.name)]
NOT_OURS = {
    "theme.css",
    "vendor",
    ".git",
    *re.findall(r"^([^#\s].*?)/?$", (ROOT / ".gitignore").read_text(), re.M),
}

# A variable as settings.py reads it, as .env.example shows it, as the README's table names it.
READ = re.compile(r'\benv\.\w+\(\s*"([A-Z_]+)"')
SHOWN = re.compile(r"^#?([A-Z_]+)=", re.M)
NAMED = re.compile(r"^\| *`([A-Z_]+)`", re.M)

SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bA(?:KI|SI)A[0-9A-Z]{16}\b|django-insecure-\S{9}"
    r"|\bgh[oprsu]_\w{36}\b|\bgithub_pat_\w{20,}|\bglpat-[\w-]{20}|\bxox[abprs]-[\w-]{10,}"
    r"|\bAIza[\w-]{35}\b|\b[rs]k_live_\w{16,}|\bpypi-Ag[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"  # a signed JSON web token
    r"|(?i:secret|token|password|api_?key)\w*[\"']?\s*[:=]\s*[\"'](?=[^\"']*\d)[\w+/=-]{32,}[\"']"
)
# A password in an address; examples say "password" or "secret", in whatever letters.
IN_ADDRESS = re.compile(
    r"\b\w[\w+.-]*://(?!\w+:(?i:password|secret)@)[^\s/:@{}\"'<>]+:[^\s/:@{}\"'<>]+@"
)
KEPT_OUT = re.compile(
    r"(?:^|/)\.env$|\.(?:pem|key|p12|pfx|kdbx|sqlite3|dump|sql)$|(?:^|/)id_[a-z0-9]+$"
)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp)/\w")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|unpkg\.com|jsdelivr\.net")
# Also a field has a method of this name (django.db.models.Field.pre_save).
SIGNAL = re.compile(
    r"(?<!def )(?<!super\(\)\.)"
    r"\b(?:(?:pre|post)_(?:init|save|delete)|pre_migrate|m2m_changed)\b"
)
INLINE = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style\b|javascript:", re.I)
SCRIPT = re.compile(r"<script\b[^>]*>", re.I)
HARMLESS_SCRIPT = re.compile(
    r'\bsrc=|type="application/(?:ld\+)?json"|type="importmap"[^>]* nonce='
)


def files(*suffixes, under="."):
    """Our own files with one of these suffixes, as (name, text)."""
    for folder, folders, names in os.walk(ROOT / under):
        folders[:] = sorted(set(folders) - NOT_OURS)
        for name in sorted(set(names) - NOT_OURS):
            if name.endswith(suffixes):
                path = ROOT / folder / name
                yield (
                    str(path.relative_to(ROOT)),
                    path.read_text(encoding="utf-8", errors="replace"),
                )


def code():
    """Our own Python without migrations, as (name, text)."""
    return [found for found in files(".py") if "/migrations/" not in found[0]]


def matches(pattern, found):
    """Where `pattern` occurs in these files, as readable lines."""
    return [
        f"{name}:{text.count('\n', 0, match.start()) + 1}: {match[0]}"
        for name, text in found
        for match in pattern.finditer(text)
    ]


def test_no_file_is_longer_than_400_lines():
    lengths = {name: text.count("\n") for name, text in [*code(), *files(".html", ".css", ".js")]}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_40_lines():
    functions = [
        (name, node.name, node.end_lineno - node.body[0].lineno + 1)
        for name, text in code()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [function for function in functions if function[2] > 40] == []


def test_modules_are_named_by_what_they_do():
    vague = re.compile(r"\b(core|common|utils|helpers|services|managers)(/|\.py$)")
    assert [name for name, _ in code() if vague.search(name)] == []


def test_every_model_says_what_it_is():
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    silent = [
        model.__name__
        for model in models
        if model.__doc__.startswith(f"{model.__name__}(")
        and not model.__name__.startswith("Historical")
    ]
    assert silent == []


@pytest.mark.django_db
def test_django_finds_nothing_to_say_about_this_database():
    call_command("check", databases=["default"], fail_level="WARNING")


def test_nothing_happens_by_a_model_signal():
    assert matches(SIGNAL, [f for f in code() if not f[0].startswith("tests/")]) == []


def test_only_the_settings_read_the_environment():
    readers = re.compile(r"\benviron[.\[](?!setdefault\(\"DJANGO_)|\bgetenv\b")
    others = [f for f in code() if f[0] != "network/settings.py" and not f[0].startswith("tests/")]
    assert matches(readers, others) == []


def test_templates_hold_no_inline_style_or_script():
    templates = [f for f in files(".html", under="templates") if "email/" not in f[0]]
    assert matches(INLINE, templates) == []
    scripts = matches(SCRIPT, templates)
    assert [script for script in scripts if not HARMLESS_SCRIPT.search(script)] == []


def committed():
    """Everything that git keeps or would keep, whatever it is, as (name, text)."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in names.split("\0") if name]
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace"))
        for path in paths
        if path.is_file()
    ]


def test_no_path_of_a_machine_is_written_down():
    assert matches(MACHINE, [f for f in files("") if f[0] != "uv.lock"]) == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="This copy comes without its history.")
def test_no_secret_is_kept_in_the_repository():
    kept = committed()
    assert len(kept) > 700
    assert [name for name, _text in kept if KEPT_OUT.search(name)] == []
    texts = [each for each in kept if each[0] != "uv.lock"]
    assert matches(SECRET, texts) == []
    assert matches(IN_ADDRESS, texts) == []


# In halves, for this file is looked through too.
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("-----BEGIN OPENSSH PRIVATE", " KEY-----"),
        ("AKIA", "ABCDEFGHIJKLMNOP"),
        ("ghp_", "a1" * 18),
        ("glpat-", "a1" * 10),
        ("xoxb-", "1234567890-a"),
        ("eyJhbGciOiJIUzI1", "NiJ9.eyJzdWIiOiIxMjM0.dozjgNryP4J3jVmNHl0w5N"),
        ("password = '", f"{'a1' * 16}'"),
        ("django-insecure", "-abcdefghij"),
    ],
)
def test_a_secret_would_be_found(before, after):
    assert SECRET.search(before + after)
    assert not SECRET.search(before)


def test_a_password_in_an_address_would_be_found():
    assert IN_ADDRESS.search("postgres://portal:" + "hunter2@db/portal")
    assert not IN_ADDRESS.search("postgres://user:password@host/name")
    assert not IN_ADDRESS.search("https://example.org/a:b@c")


# Libraries


def test_every_library_is_locked_with_its_hashes():
    """uv refuses a file that is another one than when it was locked."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(locked) > 60
    for package in locked:
        if package["name"] == project["project"]["name"]:
            continue
        assert "registry" in package["source"], package["name"]
        found = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert found, package["name"]
        assert all(each["hash"].startswith("sha256:") for each in found), package["name"]
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    names = {re.match(r"[\w.-]+", each)[0].lower().replace("_", "-") for each in wanted}
    assert names - {package["name"] for package in locked} == set()


def library(name, **more):
    return {"name": name, "version": "1.0", **more}


FLAW = {"id": "CVE-2026-1", "fix_versions": ["1.1"]}


@pytest.mark.parametrize(
    ("report", "code", "words"),
    [
        ({"dependencies": [library("a", vulns=[])]}, 0, "nothing is known against any of the 1"),
        ({"dependencies": [library("a", vulns=[FLAW])]}, 1, "a 1.0: CVE-2026-1, mended in 1.1"),
        ({"dependencies": [library("a", vulns=[]), library("b", skip_reason="?")]}, 2, "1 of 2"),
        ({}, 2, "no answer for all"),
    ],
)
def test_an_audit_that_could_not_ask_is_no_clean_bill(report, code, words):
    assert verdict(report)[0] == code
    assert words in verdict(report)[1]


def test_no_package_registry_is_named_outside_the_lock_file():
    assert matches(REGISTRY, [f for f in files("") if f[0] != "uv.lock"]) == []


def test_every_variable_is_listed_for_those_who_install():
    read = READ.findall((ROOT / "network/settings.py").read_text(encoding="utf-8"))
    shown = SHOWN.findall((ROOT / ".env.example").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- variables -->")[2].partition("<!-- /variables -->")[0]
    assert sorted(shown) == sorted(set(read))
    assert sorted(NAMED.findall(table)) == sorted(set(read))


# Catalogues


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(ROOT / "locale/it/LC_MESSAGES/django.po"))


def said(entries):
    """What the entries of a catalogue say, by context and source."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in entries
        if not entry.obsolete
    }


def test_everything_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_translations_keep_the_placeholders(catalogue):
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    broken = [
        entry.msgid
        for entry in catalogue
        for translation in entry.msgstr_plural.values() or [entry.msgstr]
        if set(placeholder.findall(translation))
        - set(placeholder.findall(entry.msgid + entry.msgid_plural))
    ]
    assert broken == []


def test_the_compiled_catalogue_is_fresh(catalogue):
    compiled = polib.mofile(str(ROOT / "locale/it/LC_MESSAGES/django.mo"))
    assert said(compiled) == said(catalogue.translated_entries()), "run `make messages`"


@pytest.mark.skipif(
    not shutil.which("xgettext") and "CI" not in os.environ,
    reason="There is no gettext here. To look for untranslated strings: apt-get install gettext",
)
def test_the_catalogue_holds_every_string_of_the_code(catalogue, tmp_path):
    for folder in [*ROOMS, "templates"]:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "it", "-e", "html,txt,py"]
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    collected = polib.pofile(str(tmp_path / "locale/it/LC_MESSAGES/django.po"))
    assert said(collected).keys() - said(catalogue).keys() == set(), "run `make messages`"
