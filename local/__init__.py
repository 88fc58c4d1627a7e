"""What runs on a developer's machine only: the embedded AWS, the build for it, the demo."""
