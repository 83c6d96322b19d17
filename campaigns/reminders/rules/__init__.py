"""What is told when (`kinds`), how a message travels (`sending`), and its words (`messages`)."""
