"""What can be done with mail to many."""
