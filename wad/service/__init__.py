"""The process as a service of the system: systemd, signals, standard streams, sockets, descriptors, reload.

The command, the composition root and the front ends that open sockets import it. Nothing here knows HTTP, the
control socket's protocol or the browser.
"""
