"""The HTTP API. `app.create_app` puts it together from one blueprint per subject."""
