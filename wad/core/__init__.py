"""What wad knows of a link and decides about it: values, tables, and the pure step between them.

Every room may import this one; it imports none. Nothing here waits, reads a file, a clock or the network:
whatever decides about the link can be tested without a loop and without a browser.
"""
