"""What every answer over HTTP has in common: limits, headers, forms, errors. Never what is answered."""
