"""What wad relies upon in the page, name by name, and what is lost without each.

Rules of this file:

* Every module that a script in ``wad/page/js`` names has its row here; a test scans the scripts.
* A name is a module and a path of members in it, written ``Module.member.member``; ``()`` marks a function.
* A false alarm is worse than silence: a need is missing only if *none* of its names is there, and one that
  cannot be told (its module has not run, its kind of page is not open) is not.

The names were measured on the builds of April to September 2026. What an emitter will announce cannot be told
before it does; of an event ``change:ref`` the attribute ``ref`` is looked for, of any other only the emitter.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum, unique
from typing import Any, Final

from wad.core.errors import PageError
from wad.core.values import dataclass


@unique
class Use(StrEnum):
    """What a name is needed for: the labels of the metric, and stable."""

    LINK = "link"
    CODE = "code"
    NUMBER = "number"
    PAIRING = "pairing"
    LOGOUT = "logout"
    ANNOUNCEMENTS = "announcements"
    LOSS = "loss"
    CHANGES = "changes"
    CODE_LIFE = "code_life"
    RENEWAL = "renewal"
    SPARE_CODE = "spare_code"
    NAME = "name"
    PROGRESS = "progress"
    STORAGE = "storage"
    UPDATE = "update"
    NETWORK = "network"
    ENTRY = "entry"
    VERSION = "version"
    SENDING = "sending"
    RECIPIENTS = "recipients"
    RECEIVING = "receiving"
    MISSED = "missed"
    MARKS = "marks"
    ADDRESSES = "addresses"
    GROUPS = "groups"
    EXTRAS = "extras"
    FILES_OUT = "files_out"
    FILES_IN = "files_in"
    POLLS = "polls"
    LISTS = "lists"


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs where a name is missing; `vital` if nothing else in wad makes up for it."""

    sentence: str
    vital: bool = False


COSTS: Final[Mapping[Use, Cost]] = {
    Use.LINK: Cost("how the link is cannot be told: neither codes nor ready", vital=True),
    Use.CODE: Cost("QR codes are not shown", vital=True),
    Use.NUMBER: Cost("a linked account never becomes ready, for its number is not known", vital=True),
    Use.PAIRING: Cost("codes to type will not work", vital=True),
    Use.LOGOUT: Cost("a log-out is not told to WhatsApp: the device stays in the phone's list", vital=True),
    Use.ANNOUNCEMENTS: Cost("a ban, a 503 or the begin of a log-out is not seen", vital=True),
    Use.LOSS: Cost("a lost connection is not seen", vital=True),
    Use.CHANGES: Cost("changes are seen by the clock alone, up to a second late"),
    Use.CODE_LIFE: Cost("the end of a code is guessed"),
    Use.RENEWAL: Cost("codes that are used up are renewed by a click alone, and late after a code to type"),
    Use.SPARE_CODE: Cost("a code that the page does not draw cannot be put together"),
    Use.NAME: Cost("the account's name, or its kind of phone, is not told"),
    Use.PROGRESS: Cost("how much of the chats has come is not told"),
    Use.STORAGE: Cost("a storage that the page cannot open is not seen"),
    Use.UPDATE: Cost("that WhatsApp wants an update is not seen"),
    Use.NETWORK: Cost("at a code, a network that is back is noticed after a minute"),
    Use.ENTRY: Cost("a code typed on the phone is seen late, and one that came to nothing at its end alone"),
    Use.VERSION: Cost("the page's version is not told"),
    Use.SENDING: Cost("messages are not sent", vital=True),
    Use.RECIPIENTS: Cost("nobody new can be written to", vital=True),
    Use.RECEIVING: Cost("messages are seen only by a scan of the page's store, minutes late"),
    Use.MISSED: Cost("messages that came while wad was down may come late or in another order"),
    Use.MARKS: Cost("messages are not edited, taken back, reacted to or marked as read"),
    Use.ADDRESSES: Cost("of a person's number and LID one alone is told"),
    Use.GROUPS: Cost("who writes in a group is named wrongly, or that one may not is told late"),
    Use.EXTRAS: Cost("texts go out without a preview, or last longer than their chat says"),
    Use.FILES_OUT: Cost("files are not sent"),
    Use.FILES_IN: Cost("files of messages are not fetched"),
    Use.LISTS: Cost("chats, contacts, old messages or pictures are not listed"),
    Use.POLLS: Cost("votes in polls are not told"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """One row: any of these names will do. `linked` is the kind of page that must have it, None for every."""

    use: Use
    any_of: tuple[str, ...]
    linked: bool | None = None


def _each(use: Use, module: str, *paths: str, linked: bool | None = None) -> Iterator[Need]:
    """Give a row for each path, all of which are needed."""
    return (Need(use, (f"{module}.{path}",), linked) for path in paths)


# What serves linking alone is looked for on pages that are not linked: a linked one may do without.
NEEDS: Final = (
    *_each(Use.LINK, "WAWebSocketModel", "Socket.state", "Socket.hasSynced"),
    *_each(Use.LINK, "WAWebStreamModel", "Stream.mode"),
    *_each(Use.LINK, "WAWebUserPrefsMultiDevice", "isRegistered()"),
    *_each(Use.CODE, "WAWebConnModel", "Conn.ref", linked=False),
    *_each(Use.NUMBER, "WAWebUserPrefsMeUser", "getMaybeMePnUser()"),
    *_each(
        Use.PAIRING,
        "WAWebAltDeviceLinkingApi",
        "setPairingType()",
        "initializeAltDeviceLinking()",
        "startAltLinkingFlow()",
        "initializeQRLinking()",
        linked=False,
    ),
    *_each(Use.LOGOUT, "WAWebSocketModel", "Socket.logout()"),
    # Builds before 2026 announce on the second.
    Need(Use.ANNOUNCEMENTS, ("WAWebCmd.Cmd.on()", "WAWebBackendEventBus.BackendEventBus.on()")),
    *_each(Use.LOSS, "WAWebSocketModel", "Socket.stream"),
    *_each(Use.CHANGES, "WAWebSocketModel", "Socket.on()"),
    *_each(Use.CHANGES, "WAWebConnModel", "Conn.on()"),
    *_each(Use.CHANGES, "WAWebStreamModel", "Stream.on()", "Stream.info", "Stream.displayInfo"),
    *_each(Use.CODE_LIFE, "WAWebConnModel", "Conn.refTTL", linked=False),
    # Which of the two a build has differs.
    Need(
        Use.RENEWAL,
        ("WAWebBackendEventBus.BackendEventBus.triggerRefreshQR()", "WAWebLaunchSocketUtils.refreshQR()"),
        linked=False,
    ),
    *_each(Use.SPARE_CODE, "WABase64", "encodeB64()", linked=False),
    *_each(Use.SPARE_CODE, "WAWebUserPrefsInfoStore", "waNoiseInfo.get()", linked=False),
    *_each(Use.SPARE_CODE, "WAWebSignalStoreApi", "waSignalStore.getRegistrationInfo()", linked=False),
    Need(
        Use.SPARE_CODE,
        ("WAWebAdvSignatureApi.getADVSecretKey()", "WAWebUserPrefsMultiDevice.getADVSecretKey()"),
        linked=False,
    ),
    *_each(Use.SPARE_CODE, "WAWebUserPrefsMultiDevice", "advSecretEventEmitter.on()", linked=False),
    *_each(Use.SPARE_CODE, "WAWebCompanionRegClientUtils", "DEVICE_PLATFORM", linked=False),
    Need(
        Use.NAME,
        ("WAWebConnModel.Conn.pushname", "WAWebUserPrefsMeUser.getMaybeMeDisplayName()"),
        linked=True,
    ),
    *_each(Use.NAME, "WAWebConnModel", "Conn.platform", linked=True),
    *_each(
        Use.PROGRESS, "WAWebOfflineHandler", "OfflineMessageHandler.getOfflineDeliveryProgress()", linked=True
    ),
    *_each(Use.STORAGE, "WAWebBackendEventBus", "BackendEventBus.on()"),
    *_each(Use.UPDATE, "WAWebStreamModel", "Stream.needsUpdate"),
    *_each(Use.NETWORK, "WAWebNetworkStatus", "online", "checkOnline()", linked=False),
    *_each(Use.ENTRY, "WAWebLinkDeviceEvents", "WAWebLinkDeviceEvents.on()", linked=False),
    *_each(Use.VERSION, "WAWebBuildConstants", "VERSION_STR"),
    *_each(Use.SENDING, "WAWebCollections", "Chat.get()", "Msg.getMessagesById()", linked=True),
    *_each(Use.SENDING, "WAWebSendMsgChatAction", "addAndSendMsgToChat()", "resendMsgToChat()", linked=True),
    *_each(Use.SENDING, "WAWebMsgKey", "newId()", linked=True),
    *_each(Use.SENDING, "WAWebSendMsgJob", "encryptAndSendMsg()", linked=True),
    *_each(Use.SENDING, "WAWebUserPrefsMeUser", "getMaybeMeLidUser()", linked=True),
    *_each(Use.RECIPIENTS, "WAWebWidFactory", "createWid()", linked=True),
    *_each(Use.RECIPIENTS, "WAWebFindChatAction", "findOrCreateLatestChat()", linked=True),
    *_each(Use.RECIPIENTS, "WAWebQueryExistsJob", "queryWidExists()", linked=True),
    *_each(Use.RECEIVING, "WAWebCollections", "Msg.on()", "Reactions", linked=True),
    *_each(Use.RECEIVING, "WAWebAddonReactionTableMode", "reactionTableMode.bulkUpsert()", linked=True),
    *_each(Use.MISSED, "WAWebEventsWaitForOfflineDeliveryEnd", "isOfflineDeliveryEnd()", linked=True),
    *_each(Use.MARKS, "WAWebSendMessageEditAction", "sendMessageEdit()", linked=True),
    *_each(Use.MARKS, "WAWebSendReactionMsgAction", "sendReactionToMsg()", linked=True),
    *_each(Use.MARKS, "WAWebCmd", "Cmd.sendRevokeMsgs()", linked=True),
    *_each(Use.MARKS, "WAWebUpdateUnreadChatAction", "sendSeen()", linked=True),
    *_each(
        Use.MARKS, "WAWebChatStateBridge", "sendChatStateComposing()", "sendChatStatePaused()", linked=True
    ),
    *_each(Use.ADDRESSES, "WAWebApiContact", "getCurrentLid()", "getPhoneNumber()", linked=True),
    # Builds before 2026 have the shorter name.
    Need(
        Use.GROUPS,
        ("WAWebCollections.WAWebGroupMetadataCollection.find()", "WAWebCollections.GroupMetadata.find()"),
        linked=True,
    ),
    Need(
        Use.GROUPS,
        ("WAWebCollections.WAWebGroupMetadataCollection.get()", "WAWebCollections.GroupMetadata.get()"),
        linked=True,
    ),
    *_each(Use.EXTRAS, "WALinkify", "findLink()", linked=True),
    *_each(Use.EXTRAS, "WAWebLinkPreviewChatAction", "getLinkPreview()", linked=True),
    *_each(Use.EXTRAS, "WAWebGetEphemeralFieldsMsgActionsUtils", "getEphemeralFields()", linked=True),
    *_each(Use.FILES_OUT, "WAWebMediaOpaqueData", "createFromData()", linked=True),
    *_each(Use.FILES_OUT, "WAWebPrepRawMedia", "prepRawMedia()", linked=True),
    *_each(Use.FILES_OUT, "WAWebMediaStorage", "getOrCreateMediaObject()", linked=True),
    *_each(Use.FILES_OUT, "WAWebMmsMediaTypes", "msgToMediaType()", linked=True),
    *_each(Use.FILES_OUT, "WAWebMediaMmsV4Upload", "uploadMedia()", linked=True),
    *_each(Use.FILES_OUT, "WAWebMediaGatingUtils", "getUploadLimit()", linked=True),
    *_each(Use.FILES_IN, "WAWebDownloadManager", "downloadManager.downloadAndMaybeDecrypt()", linked=True),
    *_each(Use.LISTS, "WAWebCollections", "Contact.getModelsArray()", "ProfilePicThumb.find()", linked=True),
    *_each(Use.LISTS, "WAWebCollections", "Chat.getModelsArray()", "Blocklist.get()", linked=True),
    *_each(Use.LISTS, "WAWebChatLoadMessages", "loadEarlierMsgs()", linked=True),
    *_each(Use.LISTS, "WAWebContactGetters", "getName()", "getPushname()", linked=True),
    *_each(Use.LISTS, "WAWebFrontendContactGetters", "getFormattedName()", linked=True),
    *_each(Use.POLLS, "WAWebAddonPollVoteTableMode", "pollVoteTableMode.bulkUpsert()", linked=True),
)
NAMES: Final = tuple(dict.fromkeys(name for need in NEEDS for name in need.any_of))

# The page is not ours: what it calls its version is told to people only where it looks like one.
_VERSION: Final = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one look at the page's names gave.

    `missing` is not there; of `unseen` it cannot be told now. `version` is the build's, and `linked` whether
    an account is; None where the page does not tell.
    """

    missing: frozenset[Need] = frozenset()
    unseen: frozenset[Need] = frozenset()
    version: str | None = None
    linked: bool | None = None


def judge(told: Any) -> Inspection:
    """Give what the page's answer means; ``check_names.js`` says its form. Raises PageError for another."""
    found = told.get("found") if isinstance(told, Mapping) else None
    if not isinstance(found, Mapping):
        raise PageError("the page told nothing of its names")
    linked = told.get("linked") if isinstance(told.get("linked"), bool) else None
    there = {need: _is_there(need, found, linked) for need in NEEDS}
    return Inspection(
        missing=frozenset(need for need, answer in there.items() if answer is False),
        unseen=frozenset(need for need, answer in there.items() if answer is None),
        version=_version(told.get("version")),
        linked=linked,
    )


def _is_there(need: Need, found: Mapping[Any, Any], linked: bool | None) -> bool | None:  # noqa: FBT001 - a fact
    answers = [found.get(name) for name in need.any_of]
    if True in answers:
        return True
    wanted_here = need.linked is None or need.linked is linked
    return False if wanted_here and all(answer is False for answer in answers) else None


def _version(told: Any) -> str | None:
    return told if isinstance(told, str) and _VERSION.fullmatch(told) else None
