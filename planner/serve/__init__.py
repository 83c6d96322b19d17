"""`make run`: broker, web, worker and beat as one process tree on one machine; all it keeps is in DATA_DIR."""
