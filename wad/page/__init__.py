"""WhatsApp Web in the browser: the driver behind `wad.link.driver`, and the functions that run in the page.

The composition root alone imports it. The page is not ours: it is read here, parsed once and turned into
events; nothing here decides what becomes of the link, and nothing may know the sandbox.
"""
