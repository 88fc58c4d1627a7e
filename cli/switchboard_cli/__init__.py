"""The command line tool `switchboard`; it runs outside the Lambdas and is no part of the layer."""
