use core::dict::{Felt252Dict, Felt252DictEntryTrait, SquashedFelt252DictTrait};
use core::nullable::{NullableTrait, match_nullable, FromNullableResult};

#[executable]
fn main(values: Array<felt252>) -> Array<felt252> {
    let mut counts: Felt252Dict<u128> = Default::default();
    let mut boxes: Felt252Dict<Nullable<Span<felt252>>> = Default::default();
    let mut small: Felt252Dict<u8> = Default::default();
    let mut out = array![];
    let mut i: u128 = 1;
    for v in values.span() {
        counts.insert(*v, counts.get(*v) + i);
        small.insert(*v * 0x100000000000000000000000000000000000000000000000000000, 3);
        boxes.insert(i.into(), NullableTrait::new(array![*v, *v + 1].span()));
        i += 1;
    };
    for v in values.span() {
        out.append(counts.get(*v).into());
    };
    let (entry, prev) = counts.entry(7);
    out.append(prev.into());
    counts = entry.finalize(99);
    out.append(counts.get(7).into());
    match match_nullable(boxes.get(2)) {
        FromNullableResult::Null => out.append(0),
        FromNullableResult::NotNull(b) => out.append(*b.unbox().at(1)),
    }
    let sq = counts.squash();
    for (k, a, b) in sq.into_entries() {
        out.append(k); out.append(a.into()); out.append(b.into());
    };
    out
}
