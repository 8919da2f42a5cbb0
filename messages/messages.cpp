#include "messages/messages.hpp"

#include <tuple>

namespace asterism::messages {

template <class T>
MessagePtr make_message(T message) {
  return std::make_shared<const Message>(std::move(message));
}

template MessagePtr make_message(Message message);

namespace {

template <std::size_t... I>
constexpr auto makers(std::index_sequence<I...>) {
  return std::tuple(&make_message<std::variant_alternative_t<I, Message>>...);
}

using Alternatives = std::make_index_sequence<std::variant_size_v<Message>>;

}  // namespace

// Visible outside, so that every one of them is compiled here.
extern const decltype(makers(Alternatives{})) kMakers;
const decltype(makers(Alternatives{})) kMakers = makers(Alternatives{});

}  // namespace asterism::messages
