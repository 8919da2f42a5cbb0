func main() {
    [ap] = [fp + 17];
    return ();
}
