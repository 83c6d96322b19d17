"""Outside formats: text files, their cells, and the exports made of them."""
