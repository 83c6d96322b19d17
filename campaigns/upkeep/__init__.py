"""The ground an operator stands on: whether every part lives, what the machine lacks, backups, restoring, moving house.

Owns no rows of the product; reads all of them as rows when it keeps or brings them back.
"""
