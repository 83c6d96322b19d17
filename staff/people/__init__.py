"""People, teams, levels and functional roles. Owns User, Team, Membership and TeamEvent; leaves team events."""
