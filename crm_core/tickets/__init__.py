"""Tickets: requests and task sheets (任务单), their stages, clocks and hand-overs."""
