"""What every answer says beside its body: how browsers must treat it."""

HTML = "text/html; charset=utf-8"
READ = ["GET", "HEAD"]
# Forms go to ourselves alone: the search of every page, and what `/abonnement` asks.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
