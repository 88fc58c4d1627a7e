"""One module a scheduler that posts wait in: list, pause, resume, verify."""
