// Types of a user whose namespaces look as if they belonged to .NET.
namespace Gaw.Tests.Serialization.Catalogue.Contoso.Microsoft
{
    public sealed class Dto
    {
        public int A { get; set; }
    }
}

namespace Microsoft.Contoso
{
    public sealed class Dto
    {
        public int A { get; set; }

        public System.Contoso.Value Inner { get; set; }
    }
}

namespace System.Contoso
{
    public readonly record struct Value(int A);
}
