"""A review from facts: the factor split, the summary's sections, the curve, lessons. Plain Python."""
