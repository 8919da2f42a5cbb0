%builtins output range_check
func inner(x: felt, y: felt*) -> felt {
    alloc_locals;
    local z = x * 2;
    let w = [y];
    tempvar t = x;
    with_attr error_message("x is {x}, z is {z}, y is {y}, w is {w}, t is {t}, {not one}") {
        assert z = 11;
    }
    return z;
}
func outer{range_check_ptr}(n: felt, p: felt*) -> felt {
    if (n == 0) {
        with_attr error_message("in outer: {n} {range_check_ptr}") {
            let r = inner(5, p);
        }
        return r;
    }
    return outer(n - 1, p);
}
func main{output_ptr: felt*, range_check_ptr}() {
    let r = outer(40, output_ptr);
    assert [output_ptr] = r;
    let output_ptr = output_ptr + 1;
    return ();
}
