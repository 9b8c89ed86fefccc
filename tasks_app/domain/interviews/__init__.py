"""Interviews (提醒约谈): proposal, notice, record, list of corrections, 销号."""
