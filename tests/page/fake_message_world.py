"""A linked world without a page: `FakeMessagePage`, and the phone's commands that the tests of messages give."""

import hashlib
import random

from fake_message_page import FakeMessagePage


class FakeMessageWorld:
    """Does to the fake what the phone's commands do to a page: see docs/sandbox.md."""

    def __init__(self):
        self.page = FakeMessagePage()
        self.page.delivers = True
        self._secret = []

    async def act(self, verb, **arguments):
        """Let the phone do something."""
        return getattr(self, f"_{verb}")(**arguments) or {}

    def reload(self):
        """Have another document."""
        self.page.reload()

    def _receive(self, *, from_, text, name="Somebody", undecryptable=False, media=None):
        chat = f"{from_[1:]}@c.us"
        if undecryptable:
            self._secret.append((text, chat))
            return None
        if media is None:
            return {"id": self.page.receive(text, chat, lid="1001@lid", name=name)}
        media = dict(media)
        content = random.Random(0).randbytes(media.pop("size"))
        ref = self.page.receive(text, chat, lid="1001@lid", name=name, file=content, **media)
        return {"id": ref, "media": {"sha256": hashlib.sha256(content).hexdigest()}}

    def _media(self):
        told = [
            {"kind": kind, "mimetype": mimetype, "filename": name, "caption": caption, "size": len(content)}
            | {"sha256": hashlib.sha256(content).hexdigest()}
            for (kind, mimetype, name, content), caption in self.page.carried
        ]
        return {"media": told}

    def _decrypt(self):
        for text, chat in self._secret:
            self.page.receive(text, chat)

    def _duplicate(self):
        """Do nothing: a page knows what it has by its id."""

    def _hang_seen(self):
        """Do nothing: nobody waits for that here."""

    def _read(self):
        for message in self.page.own():
            self.page.acknowledge(message.id, 3)

    def _messages(self):
        arrived = self.page.arrived.items()
        return {"messages": [{"text": text, "times": times} for (_, text), times in arrived]}

    def _marks(self):
        marks = [
            {"text": each.text, "revoked": each.revoked, "reaction": self.page.reactions.get(each.id, "")}
            for each in self.page.own()
        ]
        return {"marks": marks}

    def _silent(self):
        self.page.outcome = "silent"
        return {"lost": len(self.page.own())}

    def _take_messages(self):
        self.page.outcome = "sent"

    def _nack(self, *, code):
        self.page.outcome = code

    def _block(self, *, number):
        assert number
        self.page.outcome = "blocked"

    def _lookup(self, *, answer):
        self.page.lookup = answer

    def _react(self, *, id, emoji):  # noqa: A002 - the name on the wire
        self.page.say(id, "15550001111@c.us", emoji)

    def _edit(self, *, id, text):  # noqa: A002
        self.page.change(id, text)

    def _revoke(self, *, id):  # noqa: A002
        self.page.take_back(id)
