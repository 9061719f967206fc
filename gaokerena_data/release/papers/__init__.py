"""What a release says of itself: card, metadata, changelog, figures."""
