namespace Gaw.Carriers;

/// <summary>
/// On an assembly that brings a carrier: its scheme, and the public static class whose <c>Register()</c> makes it
/// known. The source generator writes the call of it into each program that references the
/// assembly, so that nothing is loaded by name.
/// </summary>
/// <param name="scheme">The scheme of its addresses in lower case, <c>nats</c>.</param>
/// <param name="registration">A public static class with <c>public static void Register()</c>, which calls <see cref="CarrierRegistry.Register"/>. May be called often.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class GawCarrierAttribute(string scheme, Type registration) : Attribute
{
    public string Scheme => scheme;

    public Type Registration => registration;
}
