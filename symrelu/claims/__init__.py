"""The literature's claims as data (ledger) and their verification."""
