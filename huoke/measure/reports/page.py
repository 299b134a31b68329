"""One page."""


def page(found, language):
    raise NotImplementedError
