"""Long work and signs of life.

Owns Run and Heartbeat; reads people; a queued Run is the row a worker's sweep finds.
"""
