"""The three services. Each owns its database; none imports another."""
