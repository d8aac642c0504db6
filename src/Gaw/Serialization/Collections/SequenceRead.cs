using Gaw.Json;

namespace Gaw.Serialization.Collections;

/// <summary>Consumes an array and makes a sequence of it.</summary>
internal delegate TSequence SequenceRead<TSequence, TItem>(ref JsonReader reader, ValueConverter<TItem> item);
