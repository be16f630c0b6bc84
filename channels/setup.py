"""Setting up an account at its platform: what `pracha line setup` and its like have in common."""


class SetupFailed(Exception):
    """The platform refused, or something is missing; the message tells the operator what to do. It holds no token."""
