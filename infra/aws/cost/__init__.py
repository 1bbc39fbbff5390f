"""What it costs a month: templates, times list prices, beside what the serverless original would cost with the same use."""
