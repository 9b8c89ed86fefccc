"""From an uploaded table to the plan: understand, preview, compare, apply."""
