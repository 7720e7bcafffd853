"""Which release is shown: the newest, one that is asked for, or the one of another server. Never what is in it."""
