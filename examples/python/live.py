"""Waits until the link is ready, and is told of every change by Socket.IO instead of asking.

Needs: pip install "python-socketio[asyncio_client]"
"""

import asyncio
from urllib.parse import urlsplit

import socketio
from client import ADDRESS, TOKEN

client = socketio.AsyncClient()


@client.on("wa:state")
async def tell_state(status):
    """Tell the state; end when it is ready."""
    print("linked" if status["state"] == "ready" else status["state"], flush=True)
    if status["state"] == "ready":
        await client.disconnect()


@client.on("wa:qr")
def show_code(picture):
    """Show the code; in a page, as the source of an image."""
    print("show", picture[:22], flush=True)


@client.on("wa:pairing-code")
def show_pairing_code(code):
    """Show the code to type."""
    print("type", f"{code['code'][:4]}-{code['code'][4:]}", flush=True)


async def main():
    """Connect, and stay until it is linked; the client comes back by itself when wad was restarted."""
    parts = urlsplit(ADDRESS)
    path = f"{parts.path}/socket.io"
    await client.connect(ADDRESS, socketio_path=path, auth={"token": TOKEN})
    await client.wait()


asyncio.run(main())
