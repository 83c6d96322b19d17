"""Adapters are where other machines are spoken to."""

# ok: network-outside-adapters
import requests
