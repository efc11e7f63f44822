"""What WAHA has and wad does not: answered with 501 and a code, so that nobody takes it for done.

Rules of this file: each operation of WAHA's description that is in no other table is a line here.
"""

from typing import Final

from wad.web.waha.asking import Row

_LINES: Final = """
GET /api/{session}/auth/passkey/challenge
POST /api/{session}/auth/passkey
GET /api/{session}/auth/passkey/confirmation
POST /api/{session}/auth/passkey/confirm
POST /api/keys
GET /api/keys
POST /api/keys/media
POST /api/keys/control
PUT /api/keys/{id}
DELETE /api/keys/{id}
DELETE /api/sessions/{session}
GET /api/sessions/{session}/capping
GET /api/sessions/{session}/timelock
GET /api/{session}/profile
PUT /api/{session}/profile/name
PUT /api/{session}/profile/status
PUT /api/{session}/profile/picture
DELETE /api/{session}/profile/picture
GET /api/sendText
POST /api/send/link-custom-preview
POST /api/sendButtons
POST /api/sendList
POST /api/forwardMessage
PUT /api/star
POST /api/sendPollVote
POST /api/send/buttons/reply
POST /api/sendLinkPreview
DELETE /api/{session}/chats/{chatId}
GET /api/{session}/chats/{chatId}/picture
DELETE /api/{session}/chats/{chatId}/messages
POST /api/{session}/chats/{chatId}/messages/{messageId}/pin
POST /api/{session}/chats/{chatId}/messages/{messageId}/unpin
POST /api/{session}/chats/{chatId}/archive
POST /api/{session}/chats/{chatId}/unarchive
POST /api/{session}/chats/{chatId}/unread
POST /api/{session}/calls/reject
GET /api/{session}/channels
POST /api/{session}/channels
DELETE /api/{session}/channels/{id}
GET /api/{session}/channels/{id}
GET /api/{session}/channels/{id}/messages/preview
POST /api/{session}/channels/{id}/follow
POST /api/{session}/channels/{id}/unfollow
POST /api/{session}/channels/{id}/mute
POST /api/{session}/channels/{id}/unmute
POST /api/{session}/channels/search/by-view
POST /api/{session}/channels/search/by-text
GET /api/{session}/channels/search/views
GET /api/{session}/channels/search/countries
GET /api/{session}/channels/search/categories
POST /api/{session}/status/text
POST /api/{session}/status/image
POST /api/{session}/status/voice
POST /api/{session}/status/video
POST /api/{session}/status/delete
GET /api/{session}/status/new-message-id
GET /api/{session}/labels
POST /api/{session}/labels
PUT /api/{session}/labels/{labelId}
DELETE /api/{session}/labels/{labelId}
GET /api/{session}/labels/chats/{chatId}
PUT /api/{session}/labels/chats/{chatId}
GET /api/{session}/labels/{labelId}/chats
GET /api/contacts/about
GET /api/contacts/profile-picture
POST /api/contacts/block
POST /api/contacts/unblock
PUT /api/{session}/contacts/{chatId}
GET /api/{session}/lids
GET /api/{session}/lids/count
POST /api/{session}/groups
GET /api/{session}/groups/join-info
POST /api/{session}/groups/join
GET /api/{session}/groups/count
POST /api/{session}/groups/refresh
DELETE /api/{session}/groups/{id}
POST /api/{session}/groups/{id}/leave
GET /api/{session}/groups/{id}/picture
PUT /api/{session}/groups/{id}/picture
DELETE /api/{session}/groups/{id}/picture
PUT /api/{session}/groups/{id}/description
PUT /api/{session}/groups/{id}/subject
PUT /api/{session}/groups/{id}/settings/security/info-admin-only
GET /api/{session}/groups/{id}/settings/security/info-admin-only
PUT /api/{session}/groups/{id}/settings/security/messages-admin-only
GET /api/{session}/groups/{id}/settings/security/messages-admin-only
PUT /api/{session}/groups/{id}/settings/security/member-add-mode
GET /api/{session}/groups/{id}/settings/security/member-add-mode
PUT /api/{session}/groups/{id}/settings/security/member-share-history-mode
GET /api/{session}/groups/{id}/settings/security/member-share-history-mode
PUT /api/{session}/groups/{id}/settings/security/membership-approval
GET /api/{session}/groups/{id}/settings/security/membership-approval
GET /api/{session}/groups/{id}/participants/join-requests
POST /api/{session}/groups/{id}/participants/join-requests/approve
POST /api/{session}/groups/{id}/participants/join-requests/reject
GET /api/{session}/groups/{id}/invite-code
POST /api/{session}/groups/{id}/invite-code/revoke
POST /api/{session}/groups/{id}/participants/add
POST /api/{session}/groups/{id}/participants/remove
POST /api/{session}/groups/{id}/admin/promote
POST /api/{session}/groups/{id}/admin/demote
POST /api/{session}/presence
GET /api/{session}/presence
GET /api/{session}/presence/{chatId}
POST /api/{session}/presence/{chatId}/subscribe
GET /api/screenshot
POST /api/{session}/events
GET /api/server/environment
POST /api/server/stop
GET /api/server/debug/cpu
GET /api/server/debug/heapsnapshot
GET /api/server/debug/browser/trace/{session}
POST /api/{session}/media/convert/voice
POST /api/{session}/media/convert/video
GET /api/apps
POST /api/apps
GET /api/apps/{id}
PUT /api/apps/{id}
DELETE /api/apps/{id}
POST /api/apps/{id}/purge
POST /api/apps/{app}/{session}/purge
GET /api/apps/argentine-phone-numbers/{session}/cache/memory
GET /api/apps/argentine-phone-numbers/{session}/cache/db
GET /api/apps/argentine-phone-numbers/{session}/cache/stats
DELETE /api/apps/argentine-phone-numbers/{session}/cache/purge
GET /api/apps/brazilian-phone-numbers/{session}/cache/memory
GET /api/apps/brazilian-phone-numbers/{session}/cache/db
GET /api/apps/brazilian-phone-numbers/{session}/cache/stats
DELETE /api/apps/brazilian-phone-numbers/{session}/cache/purge
POST /mcp
GET /api/apps/mexican-phone-numbers/{session}/cache/memory
GET /api/apps/mexican-phone-numbers/{session}/cache/db
GET /api/apps/mexican-phone-numbers/{session}/cache/stats
DELETE /api/apps/mexican-phone-numbers/{session}/cache/purge
GET /api/apps/phone-numbers/{session}/cache/memory
GET /api/apps/phone-numbers/{session}/cache/db
GET /api/apps/phone-numbers/{session}/cache/stats
DELETE /api/apps/phone-numbers/{session}/cache/purge
"""

ROWS: Final = tuple(
    Row(method, path) for method, _, path in (line.partition(" ") for line in _LINES.split("\n")) if path
)
