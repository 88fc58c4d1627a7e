"""Fuzzing the parsers: `make fuzz`. What breaks one is kept in `found/` and tried in every test run."""
