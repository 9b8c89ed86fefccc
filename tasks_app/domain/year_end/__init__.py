"""The end of a year's plan: what is open is listed once, and after 办结 nothing of it is chased."""
