"""The running daemon, linked, while files go both ways: each answer is what is described."""

import hashlib

from daemon_fixtures import linked_once, linked_state
from daemon_harness import SMALL_BROWSER, Daemon
from openapi_judge import Description

__all__ = ["linked_once", "linked_state"]

CONTENT = b"%PDF-1.7\n" + bytes(5000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HTML = b"<!DOCTYPE html>"
FORM = b'--m\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--m--\r\n'


async def test_files(linked_state):
    """Uploaded, had whole and in parts, refused and absent, sent, and what came."""
    wrong, codes = [], []
    async with Daemon(linked_state, env={**SMALL_BROWSER, "WAD_MESSAGES_MEDIA_MIB": "1"}) as daemon:
        await daemon.wait(currentState="ready")
        description = Description((await daemon.get("/openapi.json")).json)
        operations = {cell.operation["operationId"]: cell for cell in description.cells()}

        async def ask(name, path, method="GET", **more):
            answer = await daemon.fetch(method, path, **more)
            codes.append(answer.code)
            response = operations[name].operation["responses"].get(str(answer.code))
            if response is None:
                wrong.append(f"{name}: {answer.code} is not described: {answer.body!r}")
            else:
                complaints = description.judge(response, answer.headers, answer.body, head=False)
                wrong.extend(f"{name} {answer.code}: {each}" for each in complaints)
            return answer

        media, messages = "/api/whatsapp/media", "/api/whatsapp/messages"
        bytes_ = {"Content-Type": "application/octet-stream"}
        form = {"Content-Type": "multipart/form-data; boundary=m"}
        await ask("uploadMedia", media, "POST", raw=CONTENT, headers=bytes_)
        await ask("uploadMedia", media, "POST", raw=FORM, headers=form)
        await ask("uploadMedia", media, "POST", raw=FORM[:-9], headers=form)
        await ask("uploadMedia", media, "POST", raw=b"", headers=bytes_)
        await ask("uploadMedia", media, "POST", raw=bytes(1 << 20) + b"x", headers=bytes_)
        await ask("uploadMedia", media, "POST", raw=bytes(3 << 20), headers=bytes_)
        whole = await ask("getMedia", f"{media}/{SHA256}")
        await ask("getMedia", f"{media}/{SHA256}", headers={"Range": "bytes=0-9"})
        await ask("getMedia", f"{media}/{SHA256}", headers={"Range": "bytes=9999-"})
        await ask("getMedia", f"{media}/{SHA256}", headers={"If-None-Match": whole.headers["Etag"]})
        await ask("getMedia", f"{media}/{'0' * 64}")
        to = {"to": "+15550001111"}
        await ask("sendMessage", messages, "POST", body=to | {"media": {"sha256": SHA256}})
        await ask("sendMessage", messages, "POST", body=to | {"media": {"sha256": SHA256, "kind": "image"}})
        await ask("sendMessage", messages, "POST", body=to | {"location": {"latitude": 1, "longitude": 2}})
        await ask("sendMessage", messages, "POST", body=to | {"poll": {"name": "a", "options": ["b", "c"]}})
        await ask("sendMessage", messages, "POST", raw=FORM, headers=form)

    assert wrong == []
    assert codes == [201, 201, 400, 400, 422, 413, 200, 206, 416, 304, 404, 202, 422, 202, 202, 422]
