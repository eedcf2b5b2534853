"""Users, roles, teams, passwords, the one-time set-up of the first administrator."""
