"""An account's messages: accepted, sent, received, and kept as events for programs.

Front ends and webhooks import `wad.messages.service` and the table of operations; the page's room implements
`wad.messages.page.MessagePage`. Nobody here knows a front end, JavaScript or SQL: the tables are
`wad.store`'s, and what decides is pure and in `wad.core`.
"""
