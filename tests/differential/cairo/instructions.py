"""Random programs of instruction words, made by walking: each next instruction is drawn over all flags and offsets and kept
if a small model of the machine can execute it, so that programs run long; some are kept although it cannot.

Values are integers (felts) or pairs (segment, offset). The model refuses whatever it is not sure of: builtin deductions,
words of the program that do not stand yet.
"""

PRIME = 2**251 + 17 * 2**192 + 1
BIAS = 2**15
CAP = 160  # words of a program
TAIL = 30  # steps that a walk may take to come back


class Refused(Exception):
    pass


def encode(flags, off_dst, off_op0, off_op1):
    return (flags << 48) | ((off_op1 + BIAS) << 32) | ((off_op0 + BIAS) << 16) | (off_dst + BIAS)


def plus(value, distance):
    if isinstance(value, tuple):
        if isinstance(distance, tuple):
            raise Refused
        distance %= PRIME
        if distance > PRIME // 2:
            distance -= PRIME
        offset = value[1] + distance
        if not 0 <= offset < 2**20:
            raise Refused
        return (value[0], offset)
    if isinstance(distance, tuple):
        return plus(distance, value)
    return (value + distance) % PRIME


def minus(a, b):
    if isinstance(b, tuple):
        if not isinstance(a, tuple) or a[0] != b[0]:
            raise Refused
        return (a[1] - b[1]) % PRIME
    return plus(a, -b)


ASSERT_IMM = encode(0b100_1000_0000_0110, 0, -1, 1)  # [ap] = imm; ap++
NEXT_AP = encode(0b000_1000_0000_0111, -1, -1, 1)  # ap++, with an immediate that nothing uses
RET = encode(0b010_0000_1000_1011, -2, -1, -1)


class Walk:
    def __init__(self, rng, builtins, segments, proof):
        self.rng = rng
        self.words = {}
        self.memory = {}
        self.builtins = builtins  # names, in the order of their pointers on the stack
        self.segments = segments  # segment of each
        self.proof = proof
        self.bounds = {s: 2 ** (128 if n == "range_check" else 96) for n, s in zip(builtins, segments) if "range" in n}
        self.ruled = {s for n, s in zip(builtins, segments) if n not in ("output", "range_check", "range_check96")}
        self.wild = rng.choice([0, 0, 0, 0, 0.01, 0.04])
        self.far = rng.random() < (0.02 if proof else 0.08)
        self.goal = rng.choice([rng.randint(1, 20), rng.randint(20, 40)] + [rng.randint(22, 30)] * 3)
        self.steps = 0
        stack = [(s, 0) for s in segments]
        if proof:
            self.words.update(enumerate([0x40780017FFF7FFF, len(stack), 0x1104800180018000, 4, 0x10780017FFF7FFF, 0]))
            stack = [(1, 2), 0] + stack + [(1, 2), (0, 4)]
            self.pc, self.frame = (0, 6), len(stack)
        else:
            next_segment = max([1] + segments) + 1
            stack = stack + [(next_segment, 0), (next_segment + 1, 0)]
            self.pc, self.frame = (0, 0), len(stack)
        self.end = stack[-1]
        for i, value in enumerate(stack):
            self.memory[(1, i)] = value
        self.ap = self.fp = (1, self.frame)
        self.main_fp = self.fp

    def read(self, address):
        if not isinstance(address, tuple):
            return None
        if address[0] == 0:
            if address[1] not in self.words:
                raise Refused
            return self.words[address[1]]
        return self.memory.get(address)

    def operand(self, address):
        value = self.read(address)
        if value is None and isinstance(address, tuple) and address[0] in self.ruled:
            raise Refused
        return value

    def evaluate(self, word, immediate):
        """The registers after the instruction and what it writes; Refused where it fails or the model does not know."""
        flags = word >> 48
        dst_at = plus(self.fp if flags & 1 else self.ap, (word & 0xFFFF) - BIAS)
        op0_at = plus(self.fp if flags & 2 else self.ap, (word >> 16 & 0xFFFF) - BIAS)
        source = flags >> 2 & 7
        add, mul = flags >> 5 & 1, flags >> 6 & 1
        jump, move, opcode = flags >> 7 & 7, flags >> 10 & 3, flags >> 12 & 7
        if source not in (0, 1, 2, 4) or add + mul > 1 or jump not in (0, 1, 2, 4) or move > 2 or opcode not in (0, 1, 2, 4):
            raise Refused
        if (jump == 4 and add + mul) or (opcode == 1 and move):
            raise Refused
        size = 2 if source == 1 else 1
        op0, dst = self.operand(op0_at), self.operand(dst_at)
        if source == 0:
            if not isinstance(op0, tuple):
                raise Refused
            op1_at = plus(op0, (word >> 32) - (flags << 16) - BIAS)
            op1 = self.operand(op1_at)
        elif source == 1:
            op1_at, op1 = None, immediate
        else:
            op1_at = plus(self.fp if source == 2 else self.ap, (word >> 32) - (flags << 16) - BIAS)
            op1 = self.operand(op1_at)
        writes = []
        res = None
        if op0 is None:
            if opcode == 1:
                op0 = plus(self.pc, size)
            elif opcode == 4 and dst is not None and op1 is not None and (add or mul):
                op0, res = self.solve(add, dst, op1), dst
            else:
                raise Refused
            writes.append((op0_at, op0))
        if op1 is None:
            if opcode != 4 or dst is None:
                raise Refused
            op1, res = (self.solve(add, dst, op0) if add or mul else dst), dst
            writes.append((op1_at, op1))
        if res is None:
            if add:
                res = plus(op0, op1)
            elif mul:
                if isinstance(op0, tuple) or isinstance(op1, tuple):
                    raise Refused
                res = op0 * op1 % PRIME
            elif jump != 4:
                res = op1
        if dst is None:
            dst = res if opcode == 4 else self.fp if opcode == 1 else None
            if dst is None:
                raise Refused
            writes.append((dst_at, dst))
        if opcode == 4 and dst != res or opcode == 1 and (op0 != plus(self.pc, size) or dst != self.fp):
            raise Refused
        seen = {}
        for address, value in writes:
            if address[0] == 0 or seen.setdefault(address, value) != value:
                raise Refused
            if address[0] in self.bounds and (isinstance(value, tuple) or value >= self.bounds[address[0]]):
                raise Refused
        fp = plus(self.ap, 2) if opcode == 1 else dst if opcode == 2 else self.fp
        ap = self.ap
        if move == 1:
            if res is None:
                raise Refused
            ap = plus(ap, res)
        elif move == 2 or opcode == 1:
            ap = plus(ap, 2 if opcode == 1 else 1)
        if jump == 0:
            pc = plus(self.pc, size)
        elif jump == 1:
            pc = res
        elif jump == 2:
            pc = plus(self.pc, res)
        else:
            pc = plus(self.pc, size if dst == 0 else op1)
        for value in (pc, ap, fp):
            if not isinstance(value, tuple):
                raise Refused
        if ap[0] != 1 or fp[0] != 1 or (1, fp[1] - 1) not in self.memory or ap[1] > 400 or not (pc == self.end or pc[0] == 1 or (pc[0] == 0 and pc[1] < CAP)):
            raise Refused
        return pc, ap, fp, writes

    @staticmethod
    def solve(add, dst, known):
        if add:
            return minus(dst, known)
        if isinstance(dst, tuple) or isinstance(known, tuple) or known == 0:
            raise Refused
        return dst * pow(known, -1, PRIME) % PRIME

    # --- drawing
    def offset(self, base):
        draw = self.rng.random()
        if self.far and draw < 0.03:
            return self.rng.choice([-BIAS, BIAS - 1, self.rng.randint(-BIAS, BIAS - 1)])
        if draw < 0.75 and isinstance(base, tuple) and base[0] == 1:
            return max(self.rng.randint(0, base[1] + 1), base[1] - 200) - base[1]
        return self.rng.randint(-8, 5)

    def immediate(self):
        rng = self.rng
        draw = rng.random()
        if draw < 0.5:
            return rng.randint(-4, 12) % PRIME
        if draw < 0.6:
            return rng.choice([0, 1, 2, PRIME - 1, 2**96 - 1, 2**96, 2**128 - 1, 2**128, 2**251, PRIME // 2])
        if draw < 0.7:
            return rng.randrange(2**64)
        if draw < 0.75:
            return ASSERT_IMM
        return rng.randrange(PRIME)

    def draw(self):
        rng = self.rng
        if rng.random() < 0.02:
            return rng.randrange(2**63), self.immediate()
        source = rng.choice([0, 0, 1, 1, 2, 2, 4, 4])
        result = rng.choice([0, 0, 1, 2])
        jump = rng.choice([0] * 12 + [1, 2, 2, 4, 4])
        move = rng.choice([0, 0, 0, 2, 2, 2, 1])
        opcode = rng.choice([0, 4, 4, 4, 4, 4, 4, 1, 2]) if jump else rng.choice([0] + [4] * 9)
        if jump == 4 and rng.random() < 0.97:
            result = 0
        if opcode == 1 and rng.random() < 0.97:
            move = 0
        flags = rng.getrandbits(2) | source << 2 | result << 5 | jump << 7 | move << 10 | opcode << 12
        if rng.random() < 0.01:
            flags ^= 1 << rng.randrange(15)
        off_dst = self.offset(self.fp if flags & 1 else self.ap)
        off_op0 = self.offset(self.fp if flags & 2 else self.ap)
        if opcode == 4 and rng.random() < 0.6:
            flags, off_dst = flags & ~1, 0
        if opcode == 1 and rng.random() < 0.8:
            flags, off_dst, off_op0 = flags & ~3, 0, 1
        off_op1 = self.offset(self.fp if source == 2 else self.ap) if source in (2, 4) else rng.randint(-3, 4)
        if source == 1 and rng.random() < 0.99:
            off_op1 = 1
        return encode(flags, off_dst, off_op0, off_op1), self.immediate()

    def place(self, at, word, immediate):
        self.words[at] = word
        if word >> 50 & 1:
            self.words.setdefault(at + 1, immediate)

    def apply(self, state):
        pc, self.ap, self.fp, writes = state
        self.pc = pc
        self.memory.update(writes)
        self.steps += 1

    def homeward(self):
        """What leads back to the caller: builtin pointers onto the stack in main, else a plain return."""
        if self.fp != self.main_fp:
            return RET, None
        count = len(self.builtins)
        done = self.copied
        if done == count:
            return RET, None
        segment = self.segments[done]
        self.copied += 1
        used = max([o + 1 for s, o in self.memory if s == segment], default=0)
        cells = {"pedersen": 3, "bitwise": 5, "ec_op": 7, "poseidon": 6, "keccak": 16, "ecdsa": 2}.get(self.builtins[done], 1)
        if "mod" in self.builtins[done]:
            cells = 7
        used = -(-used // cells) * cells
        if self.rng.random() < 0.01:
            used += self.rng.choice([-1, 1, cells])
        return encode(0b100_1000_0010_0110, 0, -2 - count + done, 1), used % PRIME

    def stands(self, pc):
        return pc[0] != 0 or pc[1] in self.words

    def evaluate_standing(self):
        word = self.read(self.pc)
        if not isinstance(word, int) or word >= 2**63:
            raise Refused
        immediate = self.read((self.pc[0], self.pc[1] + 1)) if word >> 50 & 1 else None
        if word >> 50 & 1 and (not isinstance(immediate, int) or word >> 32 & 0xFFFF != BIAS + 1):
            raise Refused
        return self.evaluate(word, immediate)

    def check_next(self, state):
        """Refuses a step to where the next one must fail, and an early end."""
        pc, ap, fp, writes = state
        if pc == self.end:
            raise Refused
        if not self.stands(pc):
            return
        before = self.pc, self.ap, self.fp
        self.pc, self.ap, self.fp = pc, ap, fp
        added = [address for address, _ in writes if address not in self.memory]
        self.memory.update(writes)
        try:
            self.evaluate_standing()
        finally:
            self.pc, self.ap, self.fp = before
            for address in added:
                del self.memory[address]

    def step(self, going_home):
        if self.stands(self.pc):
            return self.apply(self.evaluate_standing())
        at = self.pc[1]
        if going_home:
            word, immediate = self.homeward()
            self.place(at, word, immediate)
            return self.apply(self.evaluate(word, self.words.get(at + 1)))
        for attempt in range(16):
            word, immediate = self.draw() if attempt < 14 else ((ASSERT_IMM, NEXT_AP)[attempt - 14], self.immediate())
            if word >> 50 & 1 and at + 1 in self.words:
                immediate = self.words[at + 1]
            try:
                # The word stands for the evaluation: an instruction may read itself.
                self.words[at] = word
                if word >> 50 & 1 and word >> 32 & 0xFFFF != BIAS + 1:
                    raise Refused
                state = self.evaluate(word, immediate)
                self.check_next(state)
            except Refused:
                del self.words[at]
                if self.rng.random() < self.wild / 4:
                    self.place(at, word, immediate)
                    raise
                continue
            self.place(at, word, immediate)
            return self.apply(state)
        raise Refused

    def run(self):
        """The program's words."""
        self.copied = 0
        try:
            while self.pc != self.end and self.steps < self.goal + TAIL:
                self.step(self.steps >= self.goal)
        except Refused:
            pass
        words = [self.words.get(i) for i in range(max(self.words) + 1)]
        return [self.filler() if word is None else word for word in words]

    def filler(self):
        return self.rng.choice([RET, ASSERT_IMM, self.rng.randrange(2**63), self.immediate()])


