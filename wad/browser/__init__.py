"""Chromium as a program: its process, command line, debugging pipe and profile, and the folder they live in.

The page's driver imports it to run one, the link for the profile that it sets aside, the doctor to look for
it, and the reports to weigh its processes. Nothing here knows WhatsApp, the link's status or an event.
"""

from wad.browser.library import leave_out

leave_out()
