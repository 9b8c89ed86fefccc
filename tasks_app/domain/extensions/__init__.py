"""More time (延期): asked for before the limit, granted or refused by the office; only a granted one moves it."""
