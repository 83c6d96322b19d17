"""Verbs of the ground: back up, restore, move house, upgrade.

They write rows of every slice: a restore puts back what other verbs have written, row by row and unchanged.
"""
