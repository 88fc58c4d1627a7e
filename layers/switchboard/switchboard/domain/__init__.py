"""Pure values and decisions: no I/O, no clock, no environment. `now` is always an argument, aware UTC."""
