"""How the house speaks HTTP: refusals as pages, fragments or JSON; the reader's language and zone.

Knows Django, not campaigns.
"""
