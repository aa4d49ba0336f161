"""What the relay exchanges with the browser: messages, the queue towards it, and which microphone frames go on."""
