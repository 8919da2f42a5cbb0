"""Programs as both machines take them: a starkware Program here, its JSON for the other side."""

import copy
import json

from starkware.cairo.lang.compiler.program import Program

PRIME = 2**251 + 17 * 2**192 + 1


def document(words, builtins, labels, hints=None, references=(), identifiers=None):
    named = {f"__main__.{name}": {"type": "label", "pc": pc} for name, pc in labels.items() if name != "main"}
    named["__main__.main"] = {"type": "function", "pc": labels["main"], "decorators": []}
    named.update(identifiers or {})
    return {
        "attributes": [],
        "builtins": builtins,
        "compiler_version": "0.14.0.1",
        "data": [hex(word) for word in words],
        "debug_info": None,
        "hints": hints or {},
        "identifiers": named,
        "main_scope": "__main__",
        "prime": hex(PRIME),
        "reference_manager": {"references": list(references)},
    }


class Template:
    """A loaded program whose words vary from case to case."""

    def __init__(self, name, text):
        self.name = name
        self.text = text
        self.program = Program.load(json.loads(text))

    def with_words(self, words):
        program = copy.copy(self.program)
        program.data = words
        return program


def labels(proof):
    return {"__start__": 0, "__end__": 4, "main": 6} if proof else {"main": 0}


_bare = {}


def bare(builtins, proof):
    """The template of programs without hints."""
    key = ("proof:" if proof else "plain:") + ",".join(builtins)
    if key not in _bare:
        _bare[key] = Template(key, json.dumps(document([0] * 8, builtins, labels(proof))))
    return _bare[key]
