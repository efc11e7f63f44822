"""Files of messages over HTTP: how clients send and fetch them, and what arrived at the phone."""

import hashlib
import subprocess

from daemon_messages import NUMBER

MARK = "-----------a-mark-that-is-in-no-file"


def sha256(content):
    """Give the name of a content."""
    return hashlib.sha256(content).hexdigest()


def form(file=None, filename="file", mimetype=None, **fields):
    """Give a form's body and headers, as curl makes them."""
    parts = [
        f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        head += f"Content-Type: {mimetype}\r\n" if mimetype else ""
        parts += [f"{head}\r\n".encode(), file, b"\r\n"]
    body = b"".join([*parts, f"--{MARK}--\r\n".encode()])
    return body, {"Content-Type": f"multipart/form-data; boundary={MARK}"}


async def post(daemon, path, body, headers=None):
    """Post bytes."""
    return await daemon.fetch("POST", path, headers=headers or {}, raw=body, within=90)


async def send_form(daemon, file=None, query="?wait=sent&timeout=60", headers=None, **more):
    """Send a message as a form."""
    body, own = form(file, **({"to": f"+{NUMBER}"} | more))
    return await post(daemon, f"/api/whatsapp/messages{query}", body, own | (headers or {}))


async def send_media(daemon, query="?wait=sent&timeout=60", text=None, **media):
    """Send a message with a file as JSON."""
    body = {"to": f"+{NUMBER}", "media": media} | ({"text": text} if text else {})
    return await daemon.fetch("POST", f"/api/whatsapp/messages{query}", body, within=90)


async def upload(daemon, content, headers=None, query=""):
    """Upload a file as the body itself."""
    return await post(daemon, f"/api/whatsapp/media{query}", content, headers)


async def arrived(daemon):
    """Give what files the phone got, each with its content."""
    listed = (await daemon.get("/sandbox/phone/media")).json["media"]
    return [
        each | {"content": (await daemon.get(f"/sandbox/phone/media/{each['id']}")).body} for each in listed
    ]


def made(folder, ending, *arguments):
    """Have ffmpeg make a file; gives its content."""
    path = folder / f"made.{ending}"
    command = ("ffmpeg", "-loglevel", "error", *arguments, str(path))
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return path.read_bytes()


def video(folder):
    """Give a film of a second, with sound."""
    source = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=1")
    sound = ("-f", "lavfi", "-i", "sine=duration=1")
    return made(folder, "mp4", *source, *sound, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")


def picture(folder, ending="png"):
    """Give a picture."""
    return made(folder, ending, "-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1")


def sound(folder, ending="wav"):
    """Give a sound of a second."""
    return made(folder, ending, "-f", "lavfi", "-i", "sine=duration=1")
