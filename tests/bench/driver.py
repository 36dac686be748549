"""The driver: sixteen connections that ask again as soon as they are answered.

Plain sockets and one loop, for it shares the processors with what it measures: about a fiftieth
of a millisecond for a request, and nothing that has to be installed. It speaks HTTP/1.1 with
keep-alive as a browser does, and reads every answer to its end.
"""

import json
import re
import selectors
import socket
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECTIONS = 16
PATIENCE = 60  # seconds for one answer
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.I)
ROW = re.compile(r"^(initial-)?.+-\d+-.+$|_FORMS$")  # what autosave.js leaves to the button
BOUNDARY = "a-boundary-that-nobody-types"
TOKEN = "t" * 32  # of a form and of its cookie, which need only be the same


@dataclass
class Slice:
    """What one stretch of time brought. Times in seconds, `read` in bytes of bodies."""

    seconds: float = 0
    work: float = 0  # of the server's processors
    read: int = 0
    statuses: Counter = field(default_factory=Counter)
    times: list = field(default_factory=list)
    failures: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.times)

    @property
    def per_second(self):
        return self.count / self.seconds

    @property
    def bad(self):
        """How many answers were not 2xx, or did not come."""
        others = sum(many for status, many in self.statuses.items() if status[:1] != b"2")
        return others + len(self.failures)

    def within(self, percent):
        """The time within which so many percent were answered, in milliseconds."""
        if len(self.times) < 2:
            return 1000 * sum(self.times)
        return 1000 * statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


def asking(address, path, cookie="", encodings="gzip, br"):
    """A GET as browsers send it, as bytes."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        "User-Agent: bench",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Language: it,en;q=0.5",
        f"Accept-Encoding: {encodings}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class Reader:
    """Asks for pages, one after the other, and begins again."""

    def __init__(self, requests, start=0):
        self.requests, self.place = requests, start

    def ask(self):
        self.place += 1
        return self.requests[self.place % len(self.requests)]

    def hear(self, status, body):
        pass


class Writer:
    """Types into a draft of its own, as autosave.js does: each save goes on from the last one."""

    def __init__(self, address, path, fields, cookie):
        self.address, self.path, self.cookie, self.saves = address, path, cookie, 0
        self.fields = {name: values for name, values in fields.items() if not ROW.search(name)}

    def ask(self):
        self.saves += 1
        self.fields |= {"title_en": [f"Draft of {time.time_ns()}"], "autosave": ["yes"]}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, values in [("csrfmiddlewaretoken", [TOKEN]), *self.fields.items()]
            for value in values
        ]
        body = "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
        cookies = f"{self.cookie}; csrftoken={TOKEN}"
        head = asking(self.address, self.path, cookies, "identity").decode()
        head = head.replace("GET", "POST", 1).removesuffix("\r\n") + (
            f"Origin: {self.address}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def hear(self, status, body):
        """RuntimeError where it was not saved."""
        if status != b"200":
            return
        answer = json.loads(body)
        if not answer["saved"] or answer["errors"]:
            raise RuntimeError(f"The draft was not saved: {answer}")
        self.fields |= answer["starts"]


class Connection:
    """One connection, and the answer that is on its way."""

    def __init__(self, address, voice):
        self.voice = voice
        self.socket = socket.create_connection(
            (urlsplit(address).hostname, urlsplit(address).port), PATIENCE
        )
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self):
        self.parts, self.missing, self.head = [], None, b""
        self.began = time.perf_counter()
        self.socket.sendall(self.voice.ask())

    def read(self):
        """Take what has come; whether the answer is whole. ConnectionError where it ends early."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("The server has closed the connection.")
        if self.missing is None:
            head, there, data = (b"".join(self.parts) + data).partition(b"\r\n\r\n")
            if not there:
                self.parts = [head]
                return False
            self.head, self.parts = head, []
            length = LENGTH.search(head)
            self.missing = int(length[1]) if length else -1
            if self.missing < 0 and not CHUNKED.search(head):
                self.missing = 0
        self.parts.append(data)
        if self.missing < 0:
            return b"".join(self.parts[-2:]).endswith(b"0\r\n\r\n")
        self.missing -= len(data)
        return self.missing <= 0


def drive(address, voices, *, seconds=0.0, count=0):
    """Let each voice ask over a connection of its own for so long, or until so many were answered.

    Each connection is answered at least once. Answers a Slice.
    """
    found, began = Slice(), time.perf_counter()
    with selectors.DefaultSelector() as selector:
        open_ones = [Connection(address, voice) for voice in voices]
        for connection in open_ones:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        waiting = len(open_ones)
        while waiting:
            ready = selector.select(PATIENCE)
            if not ready:
                found.failures += ["No answer within a minute."] * waiting
                break
            for key, _events in ready:
                connection = key.data
                try:
                    if not connection.read():
                        continue
                    note(found, connection)
                    if time.perf_counter() - began < seconds or found.count + waiting <= count:
                        connection.ask()
                        continue
                except OSError as error:
                    found.failures.append(str(error))
                selector.unregister(connection.socket)
                waiting -= 1
    found.seconds = time.perf_counter() - began
    for connection in open_ones:
        connection.socket.close()
    return found


def note(found, connection):
    found.times.append(time.perf_counter() - connection.began)
    status, body = connection.head[9:12], connection.parts
    found.statuses[status] += 1
    found.read += sum(map(len, body))
    connection.voice.hear(status, b"".join(body) if isinstance(connection.voice, Writer) else b"")
