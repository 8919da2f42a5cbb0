func main() {
    [ap] = 5, ap++;
    jmp abs [ap - 1];
}
