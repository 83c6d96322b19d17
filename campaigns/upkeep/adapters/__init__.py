"""Outside forms and places: the backup file, tables of any age, other databases, uploads on a disk."""
