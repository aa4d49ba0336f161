"""What an operator does with a deployment: try it, look at it, release, take back. Nothing here is deployed."""
