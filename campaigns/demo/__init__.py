"""A believable team with three campaigns, played through the same verbs that people use.

Owns no rows; calls the actions of every slice below.
"""
