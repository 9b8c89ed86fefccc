"""The web application; docs/architecture.md shows its rings."""
