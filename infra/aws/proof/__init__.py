"""The stacks deployed to an AWS on a port of this machine, and what they describe really run."""
