"""Telling people, once each.

Owns Delivery (the ledger) and Notice (in-app); reads tasks, comments, plans and campaigns; its sweep writes rows,
claims them and sends.
"""
