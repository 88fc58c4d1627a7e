"""What more than one trigger does: the stream makes it fast, the timer makes it certain."""
