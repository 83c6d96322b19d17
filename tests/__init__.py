"""The promises, by package: rules without a database, actions on both engines, pages as each role, journeys in a browser."""
