"""Demo data: a small believable company. Everything follows from one seed and one moment; nothing is fetched."""
