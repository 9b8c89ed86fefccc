"""What a change of the table in mid-period means for the reports that were made from it."""
