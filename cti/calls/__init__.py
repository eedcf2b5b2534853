"""Pure: call, leg, agent states, facts and the fold of facts into records."""
