"""The schema of the business database and how it grows: add, fill, switch, remove, each its own release."""
