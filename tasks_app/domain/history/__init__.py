"""How a period stood at a past moment: worked out from the audit trail and the submissions, stored nowhere."""
