"""Making an account's messages from the configuration."""

from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from wad.config import Config
from wad.core.errors import NewerStoreError, StoreError
from wad.core.pacing import DAY, Pace
from wad.link.session import Session
from wad.media.fetching import Fetcher
from wad.media.files import MediaFiles
from wad.messages.desk import Desk
from wad.messages.journal import Journal
from wad.messages.page import MessagePage
from wad.messages.service import Messages
from wad.messages.settings import MessageSettings
from wad.store.database import Database
from wad.store.event_log import Keeping
from wad.store.file import FILE

log = structlog.get_logger(__name__)


async def open_messages(
    config: Config,
    stack: AsyncExitStack,
    *,
    session: Session,
    page: MessagePage,
    folder: Path,
    mark: Path,
) -> Messages:
    """Open the messages in `folder`; `stack` closes them.

    Without a usable file nothing is accepted, and the link is kept up all the same. Raises NewerStoreError.
    """
    deadlines = config.deadlines
    database = Database(folder / FILE)
    try:
        await database.open(deadlines.discard)
    except NewerStoreError:
        raise
    except (StoreError, TimeoutError) as error:
        log.error("messages_unavailable", error=str(error) or "the disk does not answer")  # noqa: TRY400
    stack.push_async_callback(database.close, deadlines.save)
    journal = Journal(database, deadlines.save)
    wanted = config.messages
    files = MediaFiles(
        folder / "media",
        most=wanted.media_mib << 20,
        quota=wanted.media_quota_mib << 20,
        patience=deadlines.media_file,
    )
    fetcher = Fetcher(files, private=wanted.private_media, patience=deadlines.media_fetch)
    desk = Desk(database, journal, page, session, deadlines, _settings(config))
    messages = Messages(desk, mark, files, fetcher)
    await messages.open()
    stack.push_async_callback(messages.close)
    return messages


def _settings(config: Config) -> MessageSettings:
    wanted = config.messages
    return MessageSettings(
        Pace(wanted.chat_interval, wanted.chat_burst),
        wanted.new_chats_per_day,
        wanted.outbox_limit,
        wanted.expires_in,
        Keeping(wanted.keep_days * DAY, wanted.keep_events, wanted.keep_mib * 1024 * 1024),
        wanted.keep,
        wanted.media,
        wanted.media_keep_days * DAY,
    )
