use core::circuit::{
    RangeCheck96, AddMod, MulMod, u96, u384, CircuitElement, CircuitInput, circuit_add, circuit_sub, circuit_mul,
    circuit_inverse, EvalCircuitTrait, CircuitOutputsTrait, CircuitModulus, AddInputResultTrait, CircuitInputs, EvalCircuitResult,
};
#[executable]
fn main(m: u96, k: u96) -> Array<felt252> {
    let in1 = CircuitElement::<CircuitInput<0>> {};
    let in2 = CircuitElement::<CircuitInput<1>> {};
    let add = circuit_add(in1, in2);
    let inv = circuit_inverse(add);
    let sub = circuit_sub(inv, in2);
    let mul = circuit_mul(inv, sub);
    let modulus = TryInto::<_, CircuitModulus>::try_into([m, 0, 0, 0]).unwrap();
    let mut out = array![];
    match (mul, add, inv,).new_inputs().next([k, 0, 0, 0]).next([6, 0, 0, 0]).done().eval(modulus) {
        Result::Ok(o) => {
            let a = o.get_output(mul); out.append(a.limb0.into());
            let a = o.get_output(inv); out.append(a.limb0.into());
            let a = o.get_output(add); out.append(a.limb0.into());
        },
        Result::Err(_) => out.append('failed'),
    }
    out
}
