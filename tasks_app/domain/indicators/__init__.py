"""Indicators (量化指标): what the table proposes and an admin decides."""
