"""The journal, call records with legs, agent sessions, queue settings."""
