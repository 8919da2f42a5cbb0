// What CAF needs to pass messages between local actors: they go by shared pointer, never through CAF's serialization.
// Only shells and cluster/ include this. Define the actors' own envelope types the same way, once, at global scope.
#pragma once
#include <caf/all.hpp>

#include "messages/messages.hpp"

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::messages::MessagePtr)
