"""Evidence (佐证材料): files that a unit attaches to an entry, and who may take them away."""
