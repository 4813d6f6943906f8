"""What other schools of thought predict on the same input: an agreement, always."""
