"""The consensus engine beside this process: its home, its process, and its answers."""
