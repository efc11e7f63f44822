"""What outlives the daemon of an account's messages: one SQLite file, and all that is done to it.

The messages' part of the link imports it, and the front ends by way of that. Nobody outside opens the file or
writes SQL, and nothing here knows of a page, a loop's clock or a front end.
"""
