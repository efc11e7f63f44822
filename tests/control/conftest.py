"""What the tests of the control socket share with those of wadctl."""

from control_fixtures import folder, harness, open_harness

__all__ = ["folder", "harness", "open_harness"]
