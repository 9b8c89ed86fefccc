"""Matters (事项): what is asked of somebody and answered; and the ledger (台账) that 督查单 and 约谈 share."""
