"""What people type about campaigns, one module per noun."""
