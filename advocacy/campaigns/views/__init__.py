"""Pages of campaigns, one module per noun."""
