"""What figures mean: order lines, sums and rates, targets, visitors. Plain Python."""
