"""An operator's commands: deploy, test, show, release, roll back, destroy. Nothing here is deployed."""
