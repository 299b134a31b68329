"""The customers' phone pages: rendered here, readable without a script, in the bank's colours, with its own mark."""
