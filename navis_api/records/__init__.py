"""Patients' records: received, sealed, scanned, read and removed."""
