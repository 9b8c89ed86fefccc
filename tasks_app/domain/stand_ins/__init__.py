"""Stand-ins (替岗): who fills in or signs for a unit from one day to another. What it opens is in access."""
