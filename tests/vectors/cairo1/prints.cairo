#[derive(Drop, Debug)]
struct P { x: u32, y: felt252 }
#[executable]
fn main(x: u32) -> u32 {
    println!("x is {x} and {:?}", P { x, y: 'hey' });
    println!("a longer string that does not fit into thirty-one bytes, so that it has full words: {}", x);
    print!("no newline");
    let a: Array<felt252> = array!['abc', 5];
    core::debug::print_felt252(*a[0]);
    assert!(x < 100, "x is too large: {x}");
    let b = BoxTrait::new((x, 5_u32, 7_u64));
    let (p, q, _) = b.unbox();
    if x == 77 { panic(array!['short', 2, 'x']); }
    p + q
}
