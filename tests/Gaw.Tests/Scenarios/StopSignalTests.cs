using System.Diagnostics;
using System.Runtime.InteropServices;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>The signals of a process that runs a server.</summary>
public sealed class StopSignalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new[] { PosixSignal.SIGINT, PosixSignal.SIGINT }, new[] { true, false }, "the second Ctrl+C ends the process")]
    [InlineData(new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }, new[] { true, false }, "somebody at the terminal does not want to wait")]
    [InlineData(new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGINT }, new[] { true, true, false }, "a service manager may say it twice")]
    [InlineData(new[] { PosixSignal.SIGHUP, PosixSignal.SIGTERM, PosixSignal.SIGHUP }, new[] { true, true, true }, "a closed terminal drains as well")]
    public void The_first_signal_drains_and_another_ctrl_c_ends_the_process(PosixSignal[] signals, bool[] goesOn, string reason)
    {
        StopSignals taken = new();

        signals.Select(taken.Take).Should().Equal(goesOn, reason);
    }

    [Theory]
    [InlineData("SigIgn:\t0000000000001001", true)]
    [InlineData("SigIgn:\t0000000000001000", false)]
    [InlineData("SigBlk:\t0000000000000001", false)]
    [InlineData("SigIgn:\tnothing", false)]
    public void A_signal_that_the_process_is_told_to_ignore_is_known(string line, bool ignored) =>
        StopSignals.Ignores(["Name:\tgaw", line], signal: 1).Should().Be(ignored);

    [Fact]
    public async Task A_closed_terminal_drains_the_server()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signal is sent by kill.");
        Assert.SkipWhen(StopSignals.IsIgnored(PosixSignal.SIGHUP), "The tests are run with nohup.");
        Vault vault = new();
        await using GawServer server = new("127.0.0.1", 0);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = server.Add(() => new VaultService(vault)).RunAsync(started.SetResult, Token);
        await started.Task;
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await vault.Entered.WaitForAsync(1);
        using (Process kill = Process.Start("kill", ["-HUP", $"{Environment.ProcessId}"]))
        {
            await kill.WaitForExitAsync(Token);
        }

        await Eventually.BecomesTrueAsync(() => server.IsStopping);
        running.IsCompleted.Should().BeFalse();
        vault.Open.SetResult();
        (await peer.ReadFrameAsync()).Should().Contain("\"success\": true");
        await running.WithinAsync(TestTimeouts.Limit, static () => "the server did not end");
    }
}
