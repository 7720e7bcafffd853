"""The processes that evaluate queries apart from the web: a zygote, its workers, their sandbox. Never the protocol."""
