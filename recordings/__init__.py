"""What is recorded, where it lies, and who may hear it."""
