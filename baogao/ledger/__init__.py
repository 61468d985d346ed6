"""The ledger: what a report says, as records with figures, periods and bodies."""
