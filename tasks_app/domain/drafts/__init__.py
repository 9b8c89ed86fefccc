"""Drafts of official documents (代拟稿) from templates that the office can replace."""
