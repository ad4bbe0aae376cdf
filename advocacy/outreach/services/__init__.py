"""What people do: note a contact, enter lobbying, close a period, reverse, export."""
