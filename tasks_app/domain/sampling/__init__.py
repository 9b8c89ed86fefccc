"""Samples (抽查): what was filed is drawn by lot, judged, and counted apart."""
