"""The states a page can be in; it ends in one of `FINAL_STATES`."""

QUEUED = "queued"
LEASED = "leased"
DONE = "done"
REFUSED = "refused by robots"
OPTED_OUT = "opted out"
OFF_SITE = "off site"
GONE = "gone"
REDIRECTED = "redirected"
FAILED = "failed"
OPEN_STATES = (QUEUED, LEASED)
FINAL_STATES = (DONE, REFUSED, OPTED_OUT, OFF_SITE, GONE, REDIRECTED, FAILED)

SITE_OPT_OUT = "site: "  # how the reason of an opt-out begins that needed no request
