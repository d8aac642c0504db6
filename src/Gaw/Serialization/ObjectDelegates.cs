using Gaw.Json;

namespace Gaw.Serialization;

/// <summary>Reads the members of an object and makes it. <paramref name="current"/> says at any time which member is being read; -1 for none.</summary>
internal delegate T ObjectReader<T>(ref JsonReader reader, ref int current);

/// <summary>Writes the members of an object. <paramref name="current"/> says at any time which member is being written.</summary>
internal delegate void ObjectMembersWriter<T>(JsonWriter writer, T value, ref int current);
