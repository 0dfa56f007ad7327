"""Everything that speaks to Kafka on behalf of the service."""
