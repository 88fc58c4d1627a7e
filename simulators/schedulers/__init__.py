"""Stand-ins for the schedulers in which automatic posts wait: Postiz, Buffer, Hootsuite, Mastodon, a Facebook Page.

Each is faithful to the traps that the real one has. A test speaks to it in this process (`transport`), a local run over
a socket (`serve`).
"""
