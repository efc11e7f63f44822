"""Not among the libraries of the package: a daemon under test does without it, too, and starts the sooner."""

raise ModuleNotFoundError(name=__name__)
