
func main() {
    let (a, b) = where();
    tempvar c = cast(a, felt) * 2;
    return ();
}
func where() -> (a: felt*, b: felt*) {
    alloc_locals;
    local x;
    let (y) = self();
    return (y, y);
}
func self() -> (y: felt*) {
    return (cast([fp - 2], felt*),);
}
