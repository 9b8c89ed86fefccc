"""How a grid of cells becomes a plan: no database, no clock."""
