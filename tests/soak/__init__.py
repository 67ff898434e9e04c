"""A busy day in a few minutes: many people, many tasks, and what must be so afterwards."""
