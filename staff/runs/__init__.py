"""Long work and signs of life.

Owns Run, Process, Heartbeat and Restore; reads people; a queued Run is the row a worker's sweep finds.
"""
