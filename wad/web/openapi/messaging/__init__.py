"""Messages, events and webhooks in the description: their schemas, bodies, answers and refusals."""
