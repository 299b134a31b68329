"""What every module stands on: transactions, log, sets, batches, jobs, files, engines, HTTP edge."""
