"""Chromium as a program: its process, command line, debugging pipe and profile, and the folder they live in.

The page's driver starts and talks to it, the link sets its profile aside, the doctor looks for it, and
reports weigh its processes. Nothing here knows WhatsApp, the link's status or an event.
"""
