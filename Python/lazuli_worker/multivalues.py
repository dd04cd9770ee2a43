"""Dictionaries whose names may occur more than once: query arguments, form fields, headers."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator


class MultiValues(dict):  # type: ignore[type-arg]
    """A dictionary of the first value per name; `getlist` gives all of them."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__()
        self.lists: dict[str, list[Any]] = {}
        for name, value in pairs:
            self.lists.setdefault(name, []).append(value)
        for name, values in self.lists.items():
            self[name] = values[0]

    def get(self, key: str, default: Any = None, type: Callable[[Any], Any] | None = None) -> Any:
        """The first value, converted by `type`; the default when there is none or it does not convert."""
        if key not in self:
            return default
        if type is None:
            return self[key]
        try:
            return type(self[key])
        except (ValueError, TypeError):
            return default

    def getlist(self, key: str, type: Callable[[Any], Any] | None = None) -> list[Any]:
        values = self.lists.get(key, [])
        return [type(value) for value in values] if type else list(values)

    def to_dict(self, flat: bool = True) -> dict[str, Any]:
        return dict(self) if flat else {name: list(values) for name, values in self.lists.items()}


class Headers:
    """Header lines in order; names compare without regard to case."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs: list[tuple[str, str]] = []
        for name, value in pairs:
            self.add(name, value)

    def add(self, name: str, value: Any) -> None:
        """Appends a line. Raises ValueError for a value that would become several lines."""
        text = str(value)
        if "\r" in text or "\n" in text:
            raise ValueError(f"The value of the header {name} must not have line breaks.")
        self.pairs.append((str(name), text))

    add_header = add

    def get(self, name: str, default: Any = None, type: Callable[[str], Any] | None = None) -> Any:
        for each, value in self.pairs:
            if each.lower() == name.lower():
                try:
                    return type(value) if type else value
                except ValueError:
                    return default
        return default

    def getlist(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each.lower() == name.lower()]

    def remove(self, name: str) -> None:
        self.pairs = [pair for pair in self.pairs if pair[0].lower() != name.lower()]

    def set(self, name: str, value: Any) -> None:
        self[name] = value

    def setdefault(self, name: str, value: Any) -> Any:
        if name not in self:
            self.add(name, value)
        return self[name]

    def update(self, other: Any) -> None:
        for name, value in other.items() if hasattr(other, "items") else other:
            self[name] = value

    def pop(self, name: str, default: Any = None) -> Any:
        value = self.get(name, default)
        self.remove(name)
        return value

    def items(self) -> list[tuple[str, str]]:
        return list(self.pairs)

    def keys(self) -> list[str]:
        return [name for name, _ in self.pairs]

    def values(self) -> list[str]:
        return [value for _, value in self.pairs]

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self.remove(name)
        self.add(name, value)

    __delitem__ = remove

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        return f"Headers({self.pairs!r})"
