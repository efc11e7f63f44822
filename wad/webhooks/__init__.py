"""Webhooks: the event log, brought to other servers, signed, in order, at least once.

The composition root and the front ends import `wad.webhooks.service` and its operations. A webhook is a
cursor over the event log: what was not taken is in the log, and nothing is put aside for anybody.
"""
