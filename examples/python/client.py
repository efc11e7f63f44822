"""What the examples share: where wad is, the token, and how to ask. Python's own library is enough."""

import json
import os
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ADDRESS = os.environ.get("WAD_URL", "http://127.0.0.1:3002").rstrip("/")
TOKEN = os.environ.get("WAD_TOKEN", "")


class WadError(Exception):
    """wad refused. `code` is stable, the message is for people."""

    def __init__(self, answer):
        super().__init__(answer["error"])
        self.code = answer["code"]


def request(path, body=None, headers=None):
    """Give the response, which is None for 304; with a body it is a POST. Raises WadError if wad refuses."""
    authorization = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
    asked = Request(ADDRESS + path, body, {**authorization, **(headers or {})})
    try:
        return urlopen(asked, timeout=10)
    except HTTPError as error:
        if error.code == 304:
            return None
        raise WadError(json.load(error)) from None


def get(path):
    """Give the document at a path."""
    with request(path) as response:
        return json.load(response)


def post(path, document=None):
    """Give a command, and what wad says of it."""
    body = json.dumps(document or {}).encode()
    with request(path, body, {"Content-Type": "application/json"}) as response:
        return json.load(response)
