using System.Reflection;
using Gaw.Proxies.Typed;
using Gaw.Proxies.Typed.Emitting;

namespace Gaw.Tests.Proxies;

/// <summary>Which parameters of a client's method stay at home, and where they stand: the object itself is argument 0.</summary>
public sealed class SuppliedParametersTests
{
    private interface IMethods
    {
        int Plain(int a, string b);

        int Cancellable(int a, CancellationToken token);

        int WithOptions(int a, CallOptions options);

        int Optional(CallOptions? options = null);

        int Reporting(int a, IProgress<double> progress);

        int All(IProgress<string> progress, CallOptions options, int a, CancellationToken token);

        int Argument(IEnumerable<CancellationToken> tokens, List<CallOptions> options);
    }

    [Theory]
    [InlineData(nameof(IMethods.Plain), -1, -1, -1, "all of them are arguments")]
    [InlineData(nameof(IMethods.Cancellable), 2, -1, -1, "the token ends the call here")]
    [InlineData(nameof(IMethods.WithOptions), -1, 2, -1, "the options are the client's")]
    [InlineData(nameof(IMethods.Optional), -1, 1, -1, "also where they may be left out")]
    [InlineData(nameof(IMethods.Reporting), -1, -1, 2, "reports come back, nothing goes out")]
    [InlineData(nameof(IMethods.All), 4, 2, 1, "each has its place")]
    [InlineData(nameof(IMethods.Argument), -1, -1, -1, "what holds one is an argument")]
    public void Parameters_that_do_not_go_to_the_server_are_found(string method, int token, int options, int progress, string why)
    {
        MethodInfo info = typeof(IMethods).GetMethod(method)!;

        SuppliedParameters.Find(new ContractMethod(info)).Should().Be(new SuppliedParameters(token, options, progress), why);
    }
}
