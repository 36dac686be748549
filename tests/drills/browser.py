"""A person's browser: cookies, tokens, forms and files over real HTTP, one connection at a time."""

import http.client
import json
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.markup import Page

PATIENCE = 40  # seconds


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def hidden(self):
        """What the page's hidden fields would send again."""
        fields = [f for f in Page(self.text).all("input") if f["type"] == "hidden"]
        return {f["name"]: f["value"] for f in fields if f["name"] != "csrfmiddlewaretoken"}


class Browser:
    """Somebody who is logged in, if a session is given. Raises OSError where nobody answers."""

    def __init__(self, address, session=""):
        self.address = address
        self.cookies = {"sessionid": session} if session else {}

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, form, files=None):
        """Send a form as its page would; files: {name: (file name, bytes)}."""
        if "csrftoken" not in self.cookies:  # from a page with a form on it
            self.get("/it/progetti/nuovo/" if "sessionid" in self.cookies else path)
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **form}
        if not files:
            body = urlencode(fields, doseq=True).encode()
            return self.ask("POST", path, body, "application/x-www-form-urlencoded")
        edge = uuid.uuid4().hex
        head = 'Content-Disposition: form-data; name="'
        parts = [
            f'--{edge}\r\n{head}{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, (filename, content) in files.items():
            kind = "Content-Type: application/octet-stream"
            start = f'--{edge}\r\n{head}{name}"; filename="{filename}"\r\n{kind}\r\n\r\n'
            parts.append(start.encode() + content + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def ask(self, method, path, body=None, kind=""):
        """One request on a connection of its own, for the server may be another one by now."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Connection": "close"}
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": self.address}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, headers, response.read())
            for cookie in response.headers.get_all("Set-Cookie") or []:
                name, _equals, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        return answer
