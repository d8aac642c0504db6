namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>What is not equal after the trip though nobody got an error, and why. The page about values has the same list, word for word.</summary>
internal sealed record DocumentedException(string What, string Sentence);

/// <summary>The only ones. A shape that comes back different for another reason is a fault.</summary>
internal static class DocumentedExceptions
{
    public static readonly DocumentedException PrivateState = new(
        "private fields", "What no public member shows stays at home, and so does a property that only computes from it; `[JsonInclude]` on a field or property sends it.");

    public static readonly DocumentedException Ignored = new(
        "`[JsonIgnore]`, `[IgnoreDataMember]`", "The member stays at home and has its default on arrival.");

    public static readonly DocumentedException InterfaceKinds = new(
        "a declared interface", "A sequence declared as an interface arrives as `List<T>`, a set as `HashSet<T>`, a dictionary as `Dictionary<TKey, TValue>`.");

    public static readonly DocumentedException Untyped = new(
        "`object` and `dynamic`", "An unregistered type arrives as the natural type of its form on the wire: `long` as `int` where it fits, `float` and `decimal` as `double`, a `TimeSpan` as `double` seconds, an enum as text, a record as a dictionary.");

    public static readonly DocumentedException Sharing = new(
        "shared references", "An object that is reached twice arrives as two equal objects; a cycle is refused.");

    public static readonly DocumentedException Comparers = new(
        "comparers", "A set or dictionary that is made on arrival has the default comparer; one that its class makes keeps its own.");

    public static readonly DocumentedException DefaultArrays = new(
        "`default(ImmutableArray<T>)`", "It arrives empty.");

    public static readonly DocumentedException NotANumber = new(
        "the bits of NaN", "Every NaN arrives as the usual one.");

    public static readonly DocumentedException LocalTimes = new(
        "a `DateTime` of kind `Local`", "It arrives as the same instant in UTC.");

    public static IReadOnlyList<DocumentedException> All { get; } =
        [PrivateState, Ignored, InterfaceKinds, Untyped, Sharing, Comparers, DefaultArrays, NotANumber, LocalTimes];
}
