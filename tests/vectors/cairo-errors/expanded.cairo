func second(p: felt*) -> (r: felt) {
    let r = [p + 5];
    let s = r + 1;
    return (r=s);
}
func main() {
    let (a) = second(
        cast(0, felt*)
    );
    return ();
}
