"""A questionnaire drafted from an export."""
