"""What others are told of the link: documents, pictures of codes, history, vitals and metrics.

The front ends import it, and render nothing of their own. Whatever is here only reads: a report changes
nothing, and a code's picture is made off the loop.
"""
