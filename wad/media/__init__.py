"""The files of messages: kept by their content, judged by it, fetched from elsewhere, made voice notes.

The messages' room imports it, and the front ends by way of that. Nobody here knows a message's state, a page
or SQL; every file is this user's alone, and none is ever whole in memory.
"""
