"""The other engines, each putting the same rules and persons in its own form."""
