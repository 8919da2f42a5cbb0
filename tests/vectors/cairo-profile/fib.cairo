%builtins output
func fib(n) -> (r: felt) {
    alloc_locals;
    if (n == 0) {
        return (r=0);
    }
    if (n == 1) {
        return (r=1);
    }
    let (local a) = fib(n - 1);
    let (b) = fib(n - 2);
    return (r=a + b);
}
func main{output_ptr: felt*}() {
    let (r) = fib(6);
    assert [output_ptr] = r;
    let output_ptr = output_ptr + 1;
    return ();
}
