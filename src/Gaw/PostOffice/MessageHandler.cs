namespace Gaw.PostOffice;

/// <summary>The one call upwards: makes a message ready to run, or replies to it at once and returns <see langword="null"/>. Never throws.</summary>
/// <param name="message">The document, valid UTF-8, in place: not to be used after the return.</param>
/// <param name="channel">Where it came from and where the reply goes.</param>
internal delegate InboundMessage? MessageHandler(ReadOnlyMemory<byte> message, ReplyChannel channel);
