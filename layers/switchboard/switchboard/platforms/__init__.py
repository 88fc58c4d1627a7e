"""One module a platform: verify, parse, reply, publish; and a registry that finds them by name."""
