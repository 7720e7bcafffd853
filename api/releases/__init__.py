"""Which release is served and shown: the newest, one that is asked for, or one of another server."""
