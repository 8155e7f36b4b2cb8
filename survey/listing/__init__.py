"""Listings of models: licences, makers, tasks, downloads and likes."""
