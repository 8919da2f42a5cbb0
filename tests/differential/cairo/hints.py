"""Programs whose instructions carry random combinations of hints of the library, their `ids` bound to random references."""

import json
import re

from instructions import ASSERT_IMM, NEXT_AP, PRIME, RET, encode
import programs

# Names that hints use as pointers; the other ids get integers: Python compares and subtracts relocatable values where no
# program of the library has any.
POINTER = re.compile(r"ptr|arr|data$|input$|inputs|output$|elements|start|end$|list|temporary|address_|segment|dict")
UNKNOWN_OFFICIALLY = "skip_next_instruction()"  # another runner's
NAME = re.compile(r"\bids\.([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)")


class Text:
    """A hint's code and what it asks of its ids."""

    def __init__(self, code):
        self.code = code
        self.ids = {}
        for name, path in NAME.findall(code):
            members = self.ids.setdefault(name, set())
            path = re.sub(r"\.(segment_index|bit_length)$", "", path)  # Python's own
            if path:
                members.add(tuple(path[1:].split(".")))


def load(path):
    with open(path) as file:
        return [Text(hint["code"]) for hint in json.load(file)["hints"] if hint["code"] != UNKNOWN_OFFICIALLY]


class Unplaced(Exception):
    """No cells hold what a hint wants."""


class Builder:
    def __init__(self, rng, texts, builtins, proof):
        self.rng = rng
        self.texts = texts
        self.builtins = builtins
        self.words = [0x40780017FFF7FFF, len(builtins), 0x1104800180018000, 4, 0x10780017FFF7FFF, 0] if proof else []
        self.hints = {}
        self.references = []
        self.identifiers = {}
        self.kinds = []  # of the cells pushed above fp: "i" integers, "p" pointers, "?" what a hint left
        self.group = 7

    @property
    def depth(self):
        return len(self.kinds)

    def struct(self, name, members):
        """A struct with these member paths, all felts but nested ones."""
        fields = {}
        offset = 0
        first = sorted({path[0] for path in members if path[0] not in ("address_", "SIZE")})
        for field in first:
            inner = {path[1:] for path in members if path[0] == field and len(path) > 1}
            if inner - {("address_",)}:
                full, size = self.struct(f"{name}_{field}", inner)
                fields[field] = {"cairo_type": full, "offset": offset}
            else:
                size = 1
                fields[field] = {"cairo_type": "felt", "offset": offset}
            offset += size
        full = f"__main__.{name}"
        size = max(offset, 1)
        self.identifiers[full] = {"type": "struct", "full_name": full, "members": fields, "size": size}
        return full, size

    def expression(self, kind, size, wanted):
        """Of a value of `size` cells that hold what is wanted, wherever there are such; else of any cell."""
        rng = self.rng
        places = [i for i in range(self.depth - size + 1) if all(k == wanted for k in self.kinds[i : i + size])]
        if not places:
            raise Unplaced
        at = rng.choice(places)
        draw = rng.random()
        if kind.endswith("*") and draw < 0.2:
            return f"cast([fp + {at}] + {rng.randint(1, 3)}, {kind})"
        if draw < 0.6:
            return f"[cast(ap + (-{self.depth - at}), {kind}*)]"
        return f"[cast(fp + {at}, {kind}*)]" if at else f"[cast(fp, {kind}*)]"

    def bind(self, text, expression):
        """Identifiers and flow of one hint."""
        rng = self.rng
        ids = {}
        number = len(self.references)
        pointers = rng.random() < 0.9
        for name, members in text.ids.items():
            scoped = f"__main__.h{number}.{name}"
            if name.isupper() or (("SIZE",) in members and name[0].isupper()):
                if members:
                    self.struct(name, members)
                    continue
                value = rng.choice([2**128, 2**86, 3, 8, 2**64, 2**250, 16, 4, 2**251 - 2**8])
                self.identifiers[f"__main__.{name}"] = {"type": "const", "value": value}
                continue
            kind, size, wanted = "felt", 1, "p" if pointers and POINTER.search(name) else "i"
            if members:
                kind, size = self.struct(f"{name}_{number}", members)
                if wanted == "p":
                    kind, size = kind + "*", 1
            elif wanted == "p" and rng.random() < 0.6:
                kind = "felt*"
            self.identifiers[scoped] = {
                "type": "reference", "cairo_type": kind, "full_name": scoped, "references": [],
            }
            reference = {
                "ap_tracking_data": {"group": self.group, "offset": 0},
                "pc": len(self.words),
                "value": expression or self.expression(kind, size, wanted),
            }
            self.identifiers[scoped]["references"].append(reference)
            ids[scoped] = len(self.references)
            self.references.append(reference)
        scopes = ["__main__"] + sorted({scoped.rsplit(".", 1)[0] for scoped in ids})
        return {
            "code": text.code,
            "accessible_scopes": scopes,
            "flow_tracking_data": {
                "ap_tracking": {"group": self.group, "offset": 0},
                "reference_ids": ids,
            },
        }

    def attach(self, text, expression=None):
        hint = self.bind(text, expression)
        self.hints.setdefault(str(len(self.words)), []).append(hint)

    def push(self, value):
        self.words += [ASSERT_IMM, value % PRIME]
        self.kinds.append("i")

    def value(self):
        rng = self.rng
        return rng.choice(
            [rng.randint(0, 4), rng.randint(0, 40), rng.randrange(2**64), rng.randrange(2**128), rng.randrange(PRIME),
             2**128 - 1, PRIME - rng.randint(1, 5), rng.randint(0, 3)]
        )

    def run(self, alloc, temporary):
        rng = self.rng
        for _ in range(rng.randint(18, 28)):
            draw = rng.random()
            if draw < 0.2:
                if rng.random() < 0.2:
                    self.attach(temporary, "[cast(ap, felt*)]")
                else:
                    self.attach(alloc)
                self.words += [NEXT_AP, 1]
                self.kinds.append("p")
            elif draw < 0.3 and self.depth > 3:
                # A cell of an allocated segment, where there is one: [[ap - k] + j] = [ap - 1]
                self.words.append(encode(0b100_0000_0000_0000, -1, -rng.randint(1, min(self.depth, 8)), rng.randint(0, 3)))
            else:
                self.push(self.value())
        for _ in range(rng.randint(1, 5)):
            try:
                self.attach(rng.choice(self.texts))
            except Unplaced:
                continue
            if rng.random() < 0.5:
                self.words += [NEXT_AP, 1]
                self.kinds.append("?")
            else:
                self.push(self.value())
        for index in range(len(self.builtins)):
            self.words.append(encode(0b100_1000_0000_1010, 0, -1, -2 - len(self.builtins) + index))
        self.words.append(RET)


def template(rng, texts, builtins, proof):
    by_code = {text.code: text for text in texts}
    builder = Builder(rng, texts, builtins, proof)
    builder.run(by_code["memory[ap] = segments.add()"], by_code["ids.temporary_array = segments.add_temp_segment()"])
    document = programs.document(
        builder.words, builtins, programs.labels(proof), builder.hints, builder.references, builder.identifiers
    )
    return programs.Template("hinted", json.dumps(document))
