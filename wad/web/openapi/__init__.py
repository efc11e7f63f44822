"""``/openapi.json``: the HTTP interface described for programs, generated from the code that serves it.

Rules of this folder:

* Paths, methods and who may ask come from the route table; states, phases, reasons and refusals from their
  own modules; examples from the functions that make the documents. Only sentences are written here.
* Same code, same document: nothing of the running daemon is in it.
* Schemas are strict: a key that is not described is an error, and so is one that is missing.

OpenAPI 3.1 and not 3.0, because its schemas are JSON Schema as it stands: a value that may be null needs no
keyword of its own, and any validator can judge an answer. Tried with schemathesis, which reads both equally
well.
"""

from wad.web.openapi.handler import openapi_route

__all__ = ["openapi_route"]
