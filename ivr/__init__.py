"""The flow interpreter: pure; flow files and prompts beside it."""
