"""The words routing speaks: events in, decisions out. Frozen values, no behaviour."""
