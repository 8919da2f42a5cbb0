use core::ec::{EcPointTrait, EcStateTrait, NonZeroEcPoint};
use core::pedersen::pedersen;
use core::poseidon::poseidon_hash_span;
use core::ecdsa::{check_ecdsa_signature, recover_public_key};

#[executable]
fn main(x: felt252, s: felt252) -> Array<felt252> {
    let mut out = array![];
    out.append(pedersen(x, s));
    out.append(poseidon_hash_span(array![x, s, 3].span()));
    let g: NonZeroEcPoint = EcPointTrait::new(core::ec::stark_curve::GEN_X, core::ec::stark_curve::GEN_Y).unwrap().try_into().unwrap();
    let mut state = EcStateTrait::init();
    state.add_mul(s, g);
    let p = state.finalize_nz().unwrap();
    let (px, py) = p.coordinates();
    out.append(px); out.append(py);
    let mut i = 0;
    while i != 12 {
        match EcPointTrait::new_nz_from_x(x + i) {
            Option::Some(q) => { let (qx, _) = q.coordinates(); out.append(qx); },
            Option::None => out.append('off'),
        }
        i += 1;
    };
    out.append(if check_ecdsa_signature(x, px, s, s + 1) { 1 } else { 0 });
    out
}
