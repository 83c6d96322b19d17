"""Which phase leads where and what stands in the way. Owns no rows; it alone sets Campaign.phase."""
