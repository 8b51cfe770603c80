"""What the desk knows: plain functions and values. Nothing in here answers a chat message by itself."""
