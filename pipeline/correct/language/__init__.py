"""What is known of the language: n-grams of postings and of laws, the words of the language at large, readings."""
