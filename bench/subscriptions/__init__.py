"""What ten thousand subscribers cost, beside a bare ASGI application that has as many."""
