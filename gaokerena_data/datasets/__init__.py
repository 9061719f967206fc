"""Datasets as data: kinds of records, and what each dataset and benchmark is made of."""
