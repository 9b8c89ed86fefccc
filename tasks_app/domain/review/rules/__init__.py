"""What the office goes by: limits, what an entry says and what changed in it, likeness, receipts."""
