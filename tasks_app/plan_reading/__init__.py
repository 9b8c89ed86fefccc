"""From a grid to what a breakdown table says: stages of pure functions, without Django and without files."""
