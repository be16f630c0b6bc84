"""The console's answers: looked through, written, tried, reviewed, published and taken back."""
