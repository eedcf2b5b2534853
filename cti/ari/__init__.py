"""Softphone end points: mint, rotate, revoke. Nothing else goes over ARI."""
