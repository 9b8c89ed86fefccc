"""Who may do what, who sees what, and the care of accounts."""
