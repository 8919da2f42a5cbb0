"""Random Cairo programs in proof mode, as the compiled JSON that `cairo-run` takes.

The program is straight-line code with calls, jumps, loops, holes (`ap += n`) and uses of builtins. It is simulated while
it is written, so that every assertion holds.
"""

PRIME = 2**251 + 17 * 2**192 + 1
HALF = 1 << 15

# Bits of the flags word of an instruction.
DST_FP, OP0_FP, OP1_IMM, OP1_FP, OP1_AP = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4
ADD, MUL, JUMP_ABS, JUMP_REL, JNZ = 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9
AP_ADD, AP_ADD1, CALL, RET, ASSERT = 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14

# Memory cells of an instance; how many of them are inputs.
BUILTINS = {"output": (1, 1), "pedersen": (3, 2), "range_check": (1, 1), "ecdsa": (2, 2), "bitwise": (5, 2),
            "ec_op": (7, 5), "keccak": (16, 8), "poseidon": (6, 3)}

# The curve y^2 = x^3 + x + BETA of Starknet, its generator.
BETA = 0x6F21413EFBE40DE150E596D72F7A8C5609AD26C15C915C1F4CDFCB99CEE9E89
GENERATOR = (0x1EF15C18599971B7BECED415A40F0C7DEACFD9B0D1819E03D723D8BC943CFCA,
             0x5668060AA49730B7BE4801DF46EC62DE53ECD11ABE43A32873000C36E8DC1F)


def curve_add(p, q):
    if p == q:
        slope = (3 * p[0] * p[0] + 1) * pow(2 * p[1], -1, PRIME)
    else:
        slope = (p[1] - q[1]) * pow(p[0] - q[0], -1, PRIME)
    x = (slope * slope - p[0] - q[0]) % PRIME
    return x, (slope * (p[0] - x) - p[1]) % PRIME


def curve_multiply(k, p):
    out = None
    while k:
        if k & 1:
            out = p if out is None else curve_add(out, p)
        p = curve_add(p, p)
        k >>= 1
    return out


def instruction(flags, dst=-1, op0=-1, op1=-1):
    return (flags << 48) | ((op1 + HALF) << 32) | ((op0 + HALF) << 16) | (dst + HALF)


class Program:
    """Builds main; `cells` maps offsets from fp to known values, `top` is ap - fp."""

    def __init__(self, random, builtins, reach):
        self.random, self.builtins, self.reach = random, builtins, reach
        self.words, self.cells, self.top = [], {}, 0
        self.used = {name: 0 for name in builtins}
        self.calls = []  # (index of the immediate, name of the function)

    def emit(self, word, immediate=None):
        self.words.append(word)
        if immediate is not None:
            self.words.append(immediate % PRIME)

    def pushed(self, value):
        self.cells[self.top] = value % PRIME
        self.top += 1

    def operand(self):
        """A known cell within reach: (offset from its register, whether that is fp, value)."""
        near = [o for o in self.cells if self.top - o <= self.reach or o < self.reach]
        offset = self.random.choice(near)
        by_fp = offset < self.reach and (self.top - offset > self.reach or self.random.random() < 0.5)
        return (offset if by_fp else offset - self.top), by_fp, self.cells[offset]

    def push(self, value):
        self.emit(instruction(ASSERT | OP1_IMM | OP0_FP | AP_ADD1, 0, -1, 1), value)
        self.pushed(value)

    def some_felt(self):
        r = self.random
        return r.choice([r.randrange(4), r.randrange(1 << 16), r.randrange(1 << 64), PRIME - 1 - r.randrange(9),
                         r.randrange(PRIME)])

    def arithmetic(self):
        a, a_fp, x = self.operand()
        b, b_fp, y = self.operand()
        registers = (OP0_FP if a_fp else 0)
        kind = self.random.randrange(5)
        if kind == 0:
            self.emit(instruction(ASSERT | ADD | AP_ADD1 | registers | (OP1_FP if b_fp else OP1_AP), 0, a, b))
            self.pushed(x + y)
        elif kind == 1:
            self.emit(instruction(ASSERT | MUL | AP_ADD1 | registers | (OP1_FP if b_fp else OP1_AP), 0, a, b))
            self.pushed(x * y)
        elif kind == 2:
            constant = self.some_felt()
            self.emit(instruction(ASSERT | ADD | AP_ADD1 | registers | OP1_IMM, 0, a, 1), constant)
            self.pushed(x + constant)
        elif kind == 3:  # a = [ap] + b
            self.emit(instruction(ASSERT | ADD | AP_ADD1 | (DST_FP if a_fp else 0) | (OP1_FP if b_fp else OP1_AP),
                                  a, 0, b))
            self.pushed(x - y)
        elif y != 0:  # a = [ap] * b
            self.emit(instruction(ASSERT | MUL | AP_ADD1 | (DST_FP if a_fp else 0) | (OP1_FP if b_fp else OP1_AP),
                                  a, 0, b))
            self.pushed(x * pow(y, -1, PRIME))

    def hole(self):
        n = self.random.randrange(1, 5)
        self.emit(instruction(ADD * 0 | AP_ADD | OP1_IMM | OP0_FP | DST_FP, -1, -1, 1), n)
        self.top += n

    def jump(self):
        skipped = self.random.randrange(3)
        if self.random.random() < 0.5:
            self.emit(instruction(JUMP_REL | OP1_IMM | OP0_FP | DST_FP, -1, -1, 1), 2 + skipped)
        else:
            offset, by_fp, value = self.operand()
            self.emit(instruction(JNZ | OP1_IMM | OP0_FP | (DST_FP if by_fp else 0), offset, -1, 1), 2 + skipped)
            if value == 0:  # runs through: harmless words only
                for _ in range(skipped):
                    self.emit(instruction(AP_ADD1 * 0 | ASSERT | OP1_FP | OP0_FP | DST_FP, -1, -1, -1))
                return
        for _ in range(skipped):
            self.words.append(self.random.randrange(PRIME))

    def call(self, name, arguments, result, growth):
        """`growth`: by how much ap grows in the function, return address included."""
        for argument in arguments:
            self.push(argument)
        self.emit(instruction(CALL | JUMP_REL | OP1_IMM, 0, 1, 1), 0)
        self.calls.append((len(self.words) - 1, name))
        self.top += growth
        self.cells[self.top - 1] = result % PRIME

    def loop(self):
        count, x = self.random.randrange(1, 12), self.some_felt()
        result = x
        for _ in range(count):
            result = (result * result + count) % PRIME
        # Each turn: call (2), three cells before the next call; the last turn pushes the result.
        self.call("square", [count, count, x], result, 2 + 4 * count + 2 * count + 1)

    def builtin_value(self, name):
        """Inputs of an instance, and the outputs when known."""
        r = self.random
        if name == "range_check":
            base = HALF - 40
            return [sum((base + r.randrange(80)) << (16 * i) for i in range(8))]
        if name == "ec_op":
            p, q = (curve_multiply(r.randrange(1, 1 << 250), GENERATOR) for _ in range(2))
            return [*p, *q, r.choice([r.randrange(8), r.randrange(1 << 251)])]
        if name == "bitwise":
            return [r.randrange(1 << r.choice([8, 64, 251])) for _ in range(2)]
        if name == "keccak":
            return [r.randrange(1 << 200) for _ in range(8)]
        return [self.some_felt() for _ in range(BUILTINS[name][1])]

    def pointer(self, name):
        return -2 - len(self.builtins) + self.builtins.index(name)

    def use(self, name):
        size, _ = BUILTINS[name]
        base = size * self.used[name]
        inputs = self.builtin_value(name)
        for i, value in enumerate(inputs):
            self.push(value)
            # [ap - 1] = [[fp + pointer] + base + i]
            self.emit(instruction(ASSERT | OP0_FP, -1, self.pointer(name), base + i))
        for i in range(len(inputs), size):  # read what the builtin made of them; the value is not known here
            self.emit(instruction(ASSERT | OP0_FP | AP_ADD1, 0, self.pointer(name), base + i))
            self.top += 1
        self.used[name] += 1

    def finish(self):
        for name in self.builtins:
            self.emit(instruction(ASSERT | ADD | OP0_FP | OP1_IMM | AP_ADD1, 0, self.pointer(name), 1),
                      BUILTINS[name][0] * self.used[name])
            self.top += 1
        self.emit(instruction(RET | JUMP_ABS | OP0_FP | OP1_FP | DST_FP, -2, -1, -1))

    def assemble(self):
        n = len(self.builtins)
        start = [instruction(AP_ADD | OP1_IMM | OP0_FP | DST_FP, -1, -1, 1), n,
                 instruction(CALL | JUMP_REL | OP1_IMM, 0, 1, 1), 4,
                 instruction(JUMP_REL | OP1_IMM | OP0_FP | DST_FP, -1, -1, 1), 0]
        square = [
            # square(left, add, x): returns when left is 0, else square(left - 1, add, x*x + add)
            instruction(JNZ | OP1_IMM | OP0_FP | DST_FP, -5, -1, 1), 4,
            instruction(ASSERT | OP0_FP | OP1_FP | AP_ADD1, 0, -1, -3),
            instruction(RET | JUMP_ABS | OP0_FP | OP1_FP | DST_FP, -2, -1, -1),
            instruction(ASSERT | MUL | OP0_FP | OP1_FP | AP_ADD1, 0, -3, -3),
            instruction(ASSERT | ADD | OP0_FP | OP1_IMM | AP_ADD1, 0, -5, 1), PRIME - 1,
            instruction(ASSERT | OP0_FP | OP1_FP | AP_ADD1, 0, -1, -4),
            instruction(ASSERT | ADD | OP0_FP | OP1_AP | AP_ADD1, 0, -4, -3),
            instruction(CALL | JUMP_REL | OP1_IMM, 0, 1, 1), PRIME - 9,
            instruction(RET | JUMP_ABS | OP0_FP | OP1_FP | DST_FP, -2, -1, -1)]
        functions = {"square": len(start) + len(self.words)}
        words = start + self.words + square
        for index, name in self.calls:
            words[len(start) + index] = (functions[name] - (len(start) + index - 1)) % PRIME
        label = lambda pc: {"pc": pc, "type": "label"}
        return {"prime": hex(PRIME), "data": [hex(w) for w in words], "builtins": self.builtins, "hints": {},
                "main_scope": "__main__", "compiler_version": "0.14.0.1", "attributes": [], "debug_info": None,
                "reference_manager": {"references": []},
                "identifiers": {"__main__.__start__": label(0), "__main__.__end__": label(4),
                                "__main__.main": {"decorators": [], "pc": 6, "type": "function"}}}


def random_program(random, builtins, capacity, operations):
    """`builtins` in the layout's order; `capacity`: most instances of each; `operations`: about how many."""
    program = Program(random, builtins, random.choice([8, 40, 400]))
    program.push(random.randrange(1, 1 << 32))
    left = {name: random.randint(0, capacity[name]) for name in builtins if name != "ecdsa"}
    for _ in range(operations):
        usable = [name for name in left if left[name] > 0]
        if usable and random.random() < 0.4:
            name = random.choice(usable)
            left[name] -= 1
            program.use(name)
        else:
            random.choices([lambda: program.push(program.some_felt()), program.arithmetic, program.hole, program.jump,
                            program.loop], [3, 10, 1, 2, 1])[0]()
    program.finish()
    return program.assemble()
