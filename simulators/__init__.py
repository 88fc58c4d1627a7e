"""Stand-ins for the platforms, for local runs and tests: real HTTP, nothing leaves the machine."""
