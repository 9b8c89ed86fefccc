"""Calendar feeds: the limits of one unit as .ics behind a private link."""
