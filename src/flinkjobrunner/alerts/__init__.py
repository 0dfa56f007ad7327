"""Alerts as people and programs ask for them: projected from Kafka into PostgreSQL."""
