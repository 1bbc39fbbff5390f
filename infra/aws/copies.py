"""What CloudFront keeps of the site's pages, and apart for whom. Nothing of AWS is imported, so that tests may play it."""

SESSION = "__Host-session"
# What pages vary by: CloudFront knows nothing of Vary. The language is in the address; the API, which asks the browser for
# it, is never kept.
KEY_HEADERS = ["HX-Request"]
NEVER_KEPT = "/api/*"
FILES = {"static": "/static/*", "media": "/media/avatars/*"}
"""Straight from S3, by the name of the bucket."""
