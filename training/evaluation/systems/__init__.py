"""What answers: models here and behind endpoints, alone or between two translators."""
