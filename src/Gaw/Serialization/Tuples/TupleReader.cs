using Gaw.Json;

namespace Gaw.Serialization.Tuples;

/// <summary>Reads the items of a tuple up to the closing bracket; <paramref name="current"/> is the item being read, -1 for none.</summary>
internal delegate T TupleReader<T>(ref JsonReader reader, ref int current);
