"""Child processes of ours that answer requests, and that a cancellation or a deadline ends."""
