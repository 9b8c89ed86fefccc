"""批示: a few words that a leader writes on a row; a unit or the office answers, and the leader closes it."""
