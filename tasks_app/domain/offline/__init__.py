"""The form filled in without network: taken away, brought back, merged with what was written meanwhile."""
