using System.Globalization;
using System.Numerics;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb;

/// <summary>The services that answered when the vectors were recorded.</summary>
public static class VectorServices
{
    public static Task<TestServer> StartAsync(GawServerOptions? options = null) =>
        TestServer.StartAsync(server => server.Add<Maths>("hello!").Add<V>().Add<Thai>(), options);

    [Service("math_service")]
    public sealed class Maths(string greeting)
    {
        [Entrypoint]
        public string Plus(BigInteger a, BigInteger b) => string.Create(CultureInfo.InvariantCulture, $"{greeting}: {a + b}");

        [Entrypoint]
        public string Multiply(BigInteger a, BigInteger b) => string.Create(CultureInfo.InvariantCulture, $"{greeting}: {a * b}");
    }

    [Service("v")]
    public sealed class V
    {
        [Entrypoint]
        public object? Echo(object? value) => value;

        [Entrypoint]
        public void Nothing()
        {
        }

        [Entrypoint]
        public List<object> Opt(int a, int b = 2, string c = "see") => [a, b, c];

        [Entrypoint]
        public string Text(int n) => string.Concat(Enumerable.Repeat("0123456789abcdef", (n / 16) + 1))[..n];

        [Entrypoint]
        public int Size(string text) => text.Length;

        [Entrypoint]
        public object Bad() => new Action(() => { });

        [Entrypoint]
        public object InfKey() => new Dictionary<object, int> { [(1, 2)] = 3 };

        [Entrypoint]
        public void FailValue() => throw new GawError("ValueError", "no good");

        [Entrypoint]
        public void FailEmpty() => throw new GawError("RuntimeError", "");

        [Entrypoint]
        public void FailKey() => throw new GawError("KeyError", "'colour'");

        [Entrypoint]
        public void FailCustom() => throw new GawError("ShopError", "sold out: ฟนำ 😀");
    }

    [Service("ฟนำ")]
    public sealed class Thai
    {
        [Entrypoint("ป")]
        public string Echo(string value) => value;
    }
}
