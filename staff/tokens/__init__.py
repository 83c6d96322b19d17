"""API tokens: named, hashed at rest, expiring, revocable. Owns ApiToken, reads people, leaves team events."""
