"""The floor: engine, unit of work, database time."""
