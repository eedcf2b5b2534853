"""The `carillon` command, the supervisor and the composition root."""
