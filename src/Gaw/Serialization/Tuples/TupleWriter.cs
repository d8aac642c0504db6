using Gaw.Json;

namespace Gaw.Serialization.Tuples;

/// <summary>Writes the items of a tuple; <paramref name="current"/> is the item being written.</summary>
internal delegate void TupleWriter<T>(JsonWriter writer, T value, ref int current);
