"""The real things that tests talk to: found or installed, started privately, stopped afterwards.

`python -m tests.surroundings` looks for all of them and says what is missing before the first test runs.
"""
