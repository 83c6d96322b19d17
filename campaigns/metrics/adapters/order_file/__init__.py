"""Order exports: the needed columns out of the bytes, everything personal left behind.

Works on the uploaded bytes in memory and keeps six columns; addresses, names and numbers of buyers are passed over
while reading, so they reach neither the database nor a disk.
"""

from campaigns.metrics.adapters.order_file.reading import read_order_file

__all__ = ["read_order_file"]
