// The five planted bugs of the simulation's own test (tests/simulation): ASTERISM_MUTANT=n compiles the n-th wrong line
// in place of the right one. The product is never built with it.
//   1 no lock               tendermint.cpp
//   2 vote before sync      consensus.cpp
//   3 quorum of exactly 2/3 vote_keeper.cpp
//   4 stale round accepted  tendermint.cpp
//   5 certificate unchecked catch_up.cpp
#pragma once

#ifndef ASTERISM_MUTANT
#define ASTERISM_MUTANT 0
#endif

#define ASTERISM_MUTATE(number, wrong, right) (ASTERISM_MUTANT == (number) ? (wrong) : (right))
