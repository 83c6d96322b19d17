"""A review from facts: the factor split, the summary's sections, lessons. Plain Python."""
