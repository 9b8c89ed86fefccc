"""Operation: the heart-beat of the jobs and what waits, for the status page and check_health."""
