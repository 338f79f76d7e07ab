"""A small client of Dossier, with nothing but the standard library.

It reads the environment: API_KEY (`dossier api-key create` prints one), URL (http://127.0.0.1:4000). Instead of a key, it
takes the account of a person: EMAIL, PASSWORD, ORGANIZATION (a slug; needed by members of several organizations).
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# How often a request is sent at most.
ATTEMPTS = 10
# The longest pause between two attempts, in seconds: the limits of the API are those of a minute.
LONGEST_PAUSE = 60

TOKENS = "accessToken expiresAt refreshToken userErrors { message }"
SIGN_IN = f"mutation ($input: SignInInput!) {{ signIn(input: $input) {{ {TOKENS} }} }}"
REFRESH = f"mutation ($input: RefreshSessionInput!) {{ refreshSession(input: $input) {{ {TOKENS} }} }}"
# A token that is valid for less than this is renewed.
SOON = timedelta(minutes=1)


class Refused(Exception):
    """Dossier understood, and said no."""


class Dossier:
    """A session of an API key or a person."""

    def __init__(self):
        self.url = os.environ.get("URL", "http://127.0.0.1:4000") + "/graphql"
        self.token = os.environ.get("API_KEY")
        self.expires_at = None
        if self.token:
            return
        account = {
            "email": os.environ["EMAIL"],
            "password": os.environ["PASSWORD"],
            "organization": os.environ.get("ORGANIZATION"),
        }
        self.keep(self.mutate(SIGN_IN, account))

    def keep(self, tokens):
        """Keeps the tokens of a session: one for some minutes, and one that renews it."""
        self.token = tokens["accessToken"]
        self.refresh_token = tokens["refreshToken"]
        self.expires_at = datetime.fromisoformat(tokens["expiresAt"].replace("Z", "+00:00"))

    def renew(self):
        """Renews the access token if it expires soon."""
        if self.expires_at and self.expires_at - datetime.now(timezone.utc) < SOON:
            self.token, self.expires_at = None, None
            self.keep(self.mutate(REFRESH, {"refreshToken": self.refresh_token}))

    def execute(self, query, variables=None, key=None):
        """The data of an operation. With an idempotency key, however often it is sent, it happens once."""
        self.renew()
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        answer = send(urllib.request.Request(self.url, body, headers))
        if answer.get("errors"):
            raise Refused("; ".join(error["message"] for error in answer["errors"]))
        return answer["data"]

    def mutate(self, mutation, data, key=None):
        """The payload of a mutation with one field, which takes `$input`."""
        (payload,) = self.execute(mutation, {"input": data}, key).values()
        if payload["userErrors"]:
            raise Refused("; ".join(error["message"] for error in payload["userErrors"]))
        return payload

    def pages(self, query, variables=None):
        """Every row of a list: the one field of a query that takes `$after`."""
        after = None
        while True:
            (connection,) = self.execute(query, {**(variables or {}), "after": after}).values()
            yield from connection["nodes"]
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after = connection["pageInfo"]["endCursor"]


def send(request):
    """The JSON that answers.

    A request is sent again after a pause if the server asks to wait, fails or does not answer. Nobody knows whether a
    request without an answer was executed: mutations that must happen once carry an idempotency key.
    """
    for attempt in range(1, ATTEMPTS + 1):
        last = attempt == ATTEMPTS
        backoff = 2**attempt / 8
        try:
            status, headers, body = exchange(request)
        except OSError:
            if last:
                raise
            pause = backoff
        else:
            answer = parsed(status, body)
            refused = status == 429 or status >= 500
            pause = retry_after(answer) or (refused and (requested_pause(headers) or backoff))
            if last or not pause:
                return answer
            print(f"The server refuses with status {status}; next attempt in {pause:.0f} s.", file=sys.stderr)
        time.sleep(min(pause, LONGEST_PAUSE))


def exchange(request):
    """Status, headers and body of the answer, whatever its status."""
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as response:
        with response:
            return response.code, response.headers, response.read()


def parsed(status, body):
    """The body as JSON. A proxy in between may answer with something else, which becomes an error."""
    try:
        return json.loads(body)
    except ValueError:
        return {"errors": [{"message": f"status {status}, without JSON"}]}


def retry_after(answer):
    """How many seconds the errors of an answer ask to wait, or None."""
    extensions = [error.get("extensions") or {} for error in answer.get("errors") or []]
    return max((each["retryAfter"] for each in extensions if "retryAfter" in each), default=None)


def requested_pause(headers):
    """How many seconds the header `Retry-After` asks to wait, or None. A proxy may send a date."""
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return int(value)
    try:
        return max(0, (parsedate_to_datetime(value) - datetime.now(timezone.utc)).total_seconds())
    except (TypeError, ValueError):
        return None
