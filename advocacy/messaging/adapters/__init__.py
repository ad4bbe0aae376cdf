"""Ways out of the house: a mail server, the terminal, the demonstration's mailbox."""
