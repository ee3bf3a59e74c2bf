"""Records over HTTP: what `gangwei serve` runs.

app       the routes, as one list, and what each does
intake    bodies of requests become files
work      what a worker makes of such a file
pool      workers for documents that come in at any time
store     batches as folders
desk      documents on their way through the pool
bounds    what the service as a whole may take
batches   batches on their way through the pool
guard     what holds for all requests: token, size, errors, logs, metrics
problems  errors as application/problem+json
replies   which format a client wants, and answers in it
openapi   the description of the routes
metrics   figures for Prometheus
logs      what happened, as lines of JSON
pages     review pages of stored records, their list, and the page to begin with
reviews   the routes for people in browsers
kept      what people decided, beside the records
server    the process: how it starts, listens and ends
"""

from __future__ import annotations
