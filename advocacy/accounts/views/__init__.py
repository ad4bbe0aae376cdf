"""Pages: signing in, one's own account, second factors, what mailed links do."""
