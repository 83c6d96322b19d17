"""Taking a change back at once: the offer after every verb, and the way to the slice that knows how.

Owns nothing; reads the log. What it takes back leaves a line of its own.
"""
