// Eight field elements at once, one per lane, in two forms with one interface:
//   portable::Felt8  eight Felts, each operation done eight times;
//   ifma::Felt8      AVX-512 IFMA, to be used only where cpu().avx512ifma and between ASTERISM_IFMA_BEGIN and _END.
// A kernel is written once against that interface (a file without include guard, included in both namespaces) or only
// for ifma where the scalar code has a better shape of its own.
//
// ifma: five limbs of 52 bits, Montgomery with R = 2^260. A Felt8 has limbs below 2^52 and a value in [0, 2.01 p);
// it is a residue, not canonical: compare after store. Sum8 is a sum or difference that has not been reduced: its limbs
// are signed, it may hold any combination whose coefficients add up to at most 1,000 in absolute value, it can be added
// further at five instructions, and reduce() makes it a Felt8 again. load_sum is a load that leaves the reduction away:
// its value is below 16 p, and as_factor() takes it for a Felt8 in products. lift() makes a factor of a sum between
// -64 p and 64 p for less than reduce() does; product() leaves away what makes a Felt8 of a product. Products adds
// up to 200 products of Felt8s or such factors and reduces once.
#pragma once
#include "core/felt/felt8_ifma.hpp"
#include "core/felt/felt8_memory.hpp"
#include "core/felt/felt8_portable.hpp"
