"""Who should get what: experiments and their control groups."""
