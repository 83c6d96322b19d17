"""How people get in: set-up, log-in and its lock-out, invitations, resets, second factor, one's own account.

Owns links, invitations, guards and second factors; reads people; leaves links whose mail a sweep sends.
"""
