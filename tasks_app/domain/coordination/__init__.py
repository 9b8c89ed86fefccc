"""Matters to be coordinated (需协调事项): what a unit needs from the office or from another unit."""
