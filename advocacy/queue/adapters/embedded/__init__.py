"""The engine that needs nothing but the database: claims with fences, threads, APScheduler as ticker."""
