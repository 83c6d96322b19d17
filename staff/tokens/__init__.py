"""API tokens: hashed at rest, expiring, revocable. Owns ApiToken, leaves team events; `accounts` counts wrong tries."""
