"""The promises, mirrored by package: rules, actions on both engines, pages as each role, journeys in a browser."""
