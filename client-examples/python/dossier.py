"""A small client of Dossier, with nothing but the standard library.

The environment says who and where: EMAIL, PASSWORD, ORGANIZATION (its slug; for who belongs to several),
URL (http://127.0.0.1:4000).
"""

import json
import os
import time
import urllib.error
import urllib.request

SIGN_IN = """
mutation ($input: SignInInput!) {
    signIn(input: $input) { accessToken userErrors { message } }
}
"""


class Refused(Exception):
    """Dossier understood, and said no."""


class Dossier:
    """A session of one person."""

    def __init__(self):
        self.url = os.environ.get("URL", "http://127.0.0.1:4000") + "/graphql"
        self.token = None
        account = {
            "email": os.environ["EMAIL"],
            "password": os.environ["PASSWORD"],
            "organization": os.environ.get("ORGANIZATION"),
        }
        self.token = self.mutate(SIGN_IN, account)["accessToken"]

    def execute(self, query, variables=None, key=None):
        """The data of an operation. With an idempotency key, however often it is sent, it happens once."""
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


def send(request, attempts=5):
    """The JSON that answers. Whether a request without an answer was executed, nobody knows: mutations carry a key."""
    for attempt in range(1, attempts + 1):
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                return json.load(error)
            if attempt == attempts:
                raise
        time.sleep(2**attempt / 8)
