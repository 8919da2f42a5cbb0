#[starknet::interface]
trait ICounter<T> {
    fn add(ref self: T, by: u128) -> u128;
    fn get(self: @T) -> u128;
    fn tally(self: @T, values: Array<felt252>) -> Array<u64>;
    fn fail(self: @T, with: felt252);
}
#[starknet::contract]
mod counter {
    use core::dict::Felt252Dict;
    use starknet::storage::{StoragePointerReadAccess, StoragePointerWriteAccess};
    #[storage]
    struct Storage { value: u128 }
    #[constructor]
    fn constructor(ref self: ContractState, start: u128) { self.value.write(start); }
    #[abi(embed_v0)]
    impl Counter of super::ICounter<ContractState> {
        fn add(ref self: ContractState, by: u128) -> u128 {
            let next = self.value.read() + by;
            self.value.write(next);
            next
        }
        fn get(self: @ContractState) -> u128 { self.value.read() }
        fn tally(self: @ContractState, values: Array<felt252>) -> Array<u64> {
            let mut counts: Felt252Dict<u64> = Default::default();
            for v in values.span() { counts.insert(*v, counts.get(*v) + 1); };
            let mut out = array![];
            for v in values.span() { out.append(counts.get(*v)); };
            out
        }
        fn fail(self: @ContractState, with: felt252) { panic(array![with, 'as asked']); }
    }
}
