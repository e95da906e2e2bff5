"""What every answer says beside its body: how browsers must treat it."""

HTML = "text/html; charset=utf-8"
READ = ["GET", "HEAD"]
LATER = {"Retry-After": "5"}  # of 503: what cannot be read now can be in a moment
# Forms go to ourselves alone: the search of every page, and what `/abonnement` asks.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Of the fragments for other sites, and of no other: they may stand in a frame of anybody, and run nothing at all.
FRAME_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
