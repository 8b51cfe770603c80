"""The words and sayings that people use beside the commands' own, and how a misspelt one is found among them."""
