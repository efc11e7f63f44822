"""What leaves wad for other servers: which addresses may be reached, and that no others are.

Webhooks and the media's room import it. Nobody here knows what is sent or fetched.
"""
