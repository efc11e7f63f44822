"""What the tests of the control socket share with those of wadctl."""

from control_fixtures import folder, house, open_house

__all__ = ["folder", "house", "open_house"]
