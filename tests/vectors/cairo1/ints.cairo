use core::num::traits::{Sqrt, WideMul, OverflowingAdd};
use core::integer::{u512, u512_safe_div_rem_by_u256, u128_safe_divmod};
use core::math::{u256_inv_mod, u256_mul_mod_n, u256_div_mod_n};

fn put(ref out: Array<felt252>, v: u256) { out.append(v.low.into()); out.append(v.high.into()); }

#[executable]
fn main(a: u256, b: u256, n: u256, f: felt252) -> Array<felt252> {
    let mut out = array![];
    put(ref out, a / b);
    put(ref out, a % b);
    out.append(Sqrt::sqrt(a).into());
    out.append(Sqrt::sqrt(a.low).into());
    out.append(Sqrt::sqrt(12345678_u32).into());
    out.append(Sqrt::sqrt(12345_u16).into());
    out.append(Sqrt::sqrt(200_u8).into());
    out.append(Sqrt::sqrt(0xffffffffffffffff_u64).into());
    let w: u512 = a.wide_mul(b);
    out.append(w.limb0.into()); out.append(w.limb1.into()); out.append(w.limb2.into()); out.append(w.limb3.into());
    let (q, r) = u512_safe_div_rem_by_u256(w, n.try_into().unwrap());
    out.append(q.limb0.into()); out.append(q.limb1.into()); out.append(q.limb2.into()); out.append(q.limb3.into());
    put(ref out, r);
    match u256_inv_mod(a, n.try_into().unwrap()) {
        Option::Some(inv) => put(ref out, inv.into()),
        Option::None => out.append('none'),
    }
    match u256_inv_mod(6, 9_u256.try_into().unwrap()) {
        Option::Some(inv) => put(ref out, inv.into()),
        Option::None => out.append('none'),
    }
    match u256_inv_mod(6, 8_u256.try_into().unwrap()) {
        Option::Some(inv) => put(ref out, inv.into()),
        Option::None => out.append('none'),
    }
    match u256_inv_mod(5, 1_u256.try_into().unwrap()) {
        Option::Some(inv) => put(ref out, inv.into()),
        Option::None => out.append('one'),
    }
    put(ref out, u256_mul_mod_n(a, b, n.try_into().unwrap()));
    let fu: u256 = f.into();
    put(ref out, fu);
    let low: Option<u128> = f.try_into();
    out.append(match low { Option::Some(x) => x.into(), Option::None => 'big' });
    let i: Option<i64> = f.try_into();
    out.append(match i { Option::Some(x) => x.into(), Option::None => 'noi64' });
    let (s, o) = a.overflowing_add(b);
    put(ref out, s);
    out.append(if o { 1 } else { 0 });
    out.append((a.low & b.low).into()); out.append((a.low ^ b.low).into()); out.append((a.low | b.low).into());
    let x: i32 = -17; let y: i32 = 5;
    out.append((x / y).into()); out.append((x % y).into());
    out.append((f % 7).into());
    out
}
impl FeltRem of Rem<felt252> { fn rem(lhs: felt252, rhs: felt252) -> felt252 { let a: u256 = lhs.into(); let b: u256 = rhs.into(); (a % b).try_into().unwrap() } }
