"""wad: a daemon that keeps a WhatsApp account linked through WhatsApp Web."""

__version__ = "0.1.0"
