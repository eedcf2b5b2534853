"""FastAPI: a file per resource, one error table, one policy, one stream, the SIP relay."""
