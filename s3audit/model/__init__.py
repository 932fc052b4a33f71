"""The normalized model: what every source says in one language. Import the rooms, nothing is loaded here."""
