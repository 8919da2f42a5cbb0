// A memory cgroup for one child, where the system lets this process make one.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "cluster/proving/proof_process.hpp"

namespace asterism::cluster {

class MemoryCage {
 public:
  // nullptr where no cgroup can be written: the child then limits its address space.
  static std::unique_ptr<MemoryCage> make(std::uint64_t bytes);
  ~MemoryCage();  // removes the (empty) cgroup
  MemoryCage(const MemoryCage&) = delete;
  MemoryCage& operator=(const MemoryCage&) = delete;

  const std::string& procs_file() const { return procs_; }  // the child writes itself into it
  bool hit_limit() const;                                   // the kernel killed in it, or charged beyond the limit
  std::uint64_t peak_bytes() const;

 private:
  MemoryCage(std::string folder, MemoryHold kind);
  std::string folder_, procs_;
  MemoryHold kind_;
};

}  // namespace asterism::cluster
