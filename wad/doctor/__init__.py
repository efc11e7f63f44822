"""``wadctl doctor``: looks for whatever keeps an account from being linked, and says what to do.

Rules of this package:

* It changes nothing and starts nothing: no file is written, no lock taken that anybody waits for, no socket
  connected to that would start the daemon.
* Each row of `wad.doctor.table` is one function that gives findings: ok, warn, fail or skipped.
* Whatever cannot be looked at as this user says so, with the right it would take.
* Everything has a deadline.
* Only ``wadctl`` imports it. What it knows of the daemon it has asked or read, as a person would.
* Nothing that is said holds a code, a token or a key, a message's text or whose it is.
"""

from wad.doctor.finding import Finding, Verdict
from wad.doctor.table import CHECKS, diagnose, page_url

__all__ = ["CHECKS", "Finding", "Verdict", "diagnose", "page_url"]
