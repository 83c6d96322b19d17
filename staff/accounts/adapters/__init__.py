"""Mail, one-time codes and their QR picture, secrets."""
