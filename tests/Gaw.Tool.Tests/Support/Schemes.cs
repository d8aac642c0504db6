using System.Runtime.CompilerServices;
using Gaw.Nats;

namespace Gaw.Tool.Tests.Support;

/// <summary>Gaw's source generator does not run here, so the tests say themselves that they have nats://: before any of them runs, and so in each order.</summary>
internal static class Schemes
{
    [ModuleInitializer]
    internal static void Register() => GawNats.Register();
}
