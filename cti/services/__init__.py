"""Use cases: routing, call control, agent sessions, dialling, supervision."""
