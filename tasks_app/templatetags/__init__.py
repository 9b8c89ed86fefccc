"""Small tags for display."""
