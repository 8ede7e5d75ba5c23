"""Every route of the URLconf, by its full name, with the arguments that it takes."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def all_routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, argument names) of each pattern; a pattern without a name is named by its path."""
    yield from walk(get_resolver().url_patterns, "", "", ())


def walk(patterns, namespace: str, prefix: str, above: tuple[str, ...]):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        arguments = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, path, arguments)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"<{path}>", arguments
