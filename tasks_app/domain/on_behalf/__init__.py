"""Entering for a unit that is cut off (代填): one of the office enters, another confirms. The moves are reporting's."""
