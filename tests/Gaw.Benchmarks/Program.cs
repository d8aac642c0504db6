using BenchmarkDotNet.Running;
using Gaw.Benchmarks;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Values;

// "compare ..." compares Gaw with other ways to call; "values [TEXT [ROUNDS]]" measures the rows whose name has the text; anything else is BenchmarkDotNet's: "--filter *Frame*", "--list flat".
try
{
    return args switch
    {
        [Compare.Command, .. string[] options] => await Compare.RunAsync(CompareOptions.Parse(options)),
        [ValueCosts.Command, .. string[] options] => ValueCosts.Run(options),
        [ServerProgram.Command, string peer] => ServerProgram.Run(peer),
        [ClientProgram.Command, string peer, string port] => ClientProgram.Run(peer, int.Parse(port)),
        [ClientProgram.OnceCommand, string peer, string port] => await ClientProgram.RunOnceAsync(peer, int.Parse(port)),
        _ => RunBenchmarks(args),
    };
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Compare).Assembly).Run(args);
    return 0;
}
