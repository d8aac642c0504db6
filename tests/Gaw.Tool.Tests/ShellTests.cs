using System.Diagnostics;
using System.Text;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using Gaw.Tool.Shell;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>The line editor of <c>gaw shell</c>, on a screen, and the shell itself in a pseudo terminal.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Theory]
    [InlineData("abc", "abc", 3)]
    [InlineData("abc<Left><Left>x", "axbc", 2)]
    [InlineData("abc<Home>x<End>y", "xabcy", 5)]
    [InlineData("abc<Backspace><Backspace>", "a", 1)]
    [InlineData("abc<Home><Delete>", "bc", 0)]
    [InlineData("one two<^W>x", "one x", 5)]
    [InlineData("one two<^A><^K>x", "x", 1)]
    [InlineData("one two<Left><Left><Left><^U>", "two", 0)]
    [InlineData("one.two<^Left>x", "one.xtwo", 5)]
    [InlineData("one two<Home><^Right>x", "onex two", 4)]
    [InlineData("日本語<Left><Left><Left><Left>x", "x日本語", 1)]
    [InlineData("日本語<Left>x", "日本x語", 5)]
    [InlineData("a😀b<Left><Backspace>", "ab", 1)]
    [InlineData("a😀b<Left><Left>x", "ax😀b", 2)]
    [InlineData("e\u0301x<Left><Backspace>y", "yx", 1)]
    [InlineData("a<Up>b", "secondb", 7)]
    [InlineData("<Up><Up>!", "first!", 6)]
    [InlineData("draft<Up><Down>!", "draft!", 6)]
    [InlineData("<Up><Up><Up><Up><Down><Down><Down><Down>x", "x", 1)]
    [InlineData("math_service.p<Tab>1", "math_service.plus(1", 19)]
    [InlineData("m<Tab>", "math_service.", 13)]
    [InlineData("math_service.plus(<Tab>", "math_service.plus(", 18)]
    [InlineData("math_service.plus(a<Tab>1, <Tab>2", "math_service.plus(a=1, b=2", 26)]
    [InlineData("math_service.plus(data=1, a<Tab>2", "math_service.plus(data=1, a=2", 29)]
    [InlineData("math_service.plus('a=', a<Tab>2", "math_service.plus('a=', a=2", 27)]
    [InlineData("math_service.plus(a =1, <Tab>2", "math_service.plus(a =1, b=2", 27)]
    [InlineData("math_service.plus('<Tab>", "math_service.plus('", 19)]
    [InlineData("math_service.plus([a<Tab>", "math_service.plus([a", 20)]
    [InlineData("list m<Tab>", "list math_service", 17)]
    [InlineData("nothing<Tab><Tab>", "nothing", 7)]
    public void Keys_do_what_they_do_elsewhere_and_the_screen_shows_it(string typed, string line, int column)
    {
        foreach (int width in new[] { 80, 7 })
        {
            Screen screen = new(width, 24);
            EditedLine end = new Typist(screen, typed + "<^E><^C>", "first", "second").Read("> ");
            end.Kind.Should().Be(EditEnd.Abandoned);

            Typist typist = new(screen = new Screen(width, 24), typed, "first", "second");
            typist.ReadToEnd();
            Joined(screen.Text).Should().Be(Joined("> " + line), "{0} wide", width);
            if (width == 80)
            {
                (screen.Row, screen.Column).Should().Be((0, column + 2));
            }
        }
    }

    [Fact]
    public void A_line_longer_than_the_terminal_is_shown_once_whatever_is_typed()
    {
        Screen screen = new(60, 24);
        string line = $"echo.text(\"{new string('a', 60)}\")";

        new Typist(screen, line + string.Concat(Enumerable.Repeat("<Left>", 10)) + "b<Backspace>").ReadToEnd();

        screen.Text.Should().Be($"> {line[..58]}\n{line[58..]}");
        (screen.Row, screen.Column).Should().Be((1, line.Length - 58 - 10));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void At_the_edge_of_the_terminal_the_cursor_stands_where_the_next_character_goes(int width)
    {
        Screen screen = new(width, 10);

        new Typist(screen, "日本語x日<Left>y").ReadToEnd();

        screen.Text.Replace("\n", "", StringComparison.Ordinal).Should().Be("> 日本語xy日");
        foreach (int length in Enumerable.Range(1, 30))
        {
            Screen narrow = new(width, 10);
            new Typist(narrow, new string('x', length)).ReadToEnd();
            (narrow.Row, narrow.Column).Should().Be(((length + 2) / width, (length + 2) % width));
        }
    }

    [Fact]
    public void A_line_higher_than_the_terminal_shows_the_part_around_the_cursor()
    {
        Screen screen = new(10, 3);
        string line = string.Concat(Enumerable.Range(0, 100).Select(static i => (char)('a' + (i % 26))));

        new Typist(screen, line).ReadToEnd();
        screen.Text.Split('\n').Should().HaveCount(3).And.Subject.Last().Should().Be(line[98..]);

        new Typist(screen = new Screen(10, 3), line + "<Home>").ReadToEnd();
        screen.Text.Should().StartWith("> abcdefgh\n");
    }

    [Fact]
    public void A_second_tab_lists_what_may_stand_there_and_the_line_goes_on_below()
    {
        Screen screen = new(80, 10);

        new Typist(screen, "math_service.<Tab><Tab>p").ReadToEnd();

        screen.Text.Should().Be("> math_service.\nmath_service.plus(  math_service.sum(\n> math_service.p");
    }

    [Fact]
    public void Completions_give_no_orders_to_the_terminal()
    {
        Completer completer = new([], [new ServiceInfo("s\u001b[2J", null, [new MethodInfo("m", "s/m\u001b[2J", "m()")])]);

        completer.Complete("").Found.Should().BeEmpty();
        completer.Complete("list ").Found.Should().BeEmpty();
    }

    [Fact]
    public void The_history_lasts_in_a_file_for_its_owner_alone()
    {
        string file = Path.Combine(_folder, "state", "gaw", "history");
        History first = new(file);
        foreach (string line in new[] { "one", "one", " secret", "two", "" })
        {
            first.Begin();
            first.Add(line);
        }

        History second = new(file);
        second.Begin();
        new[] { second.Older(""), second.Older(""), second.Older("") }.Should().Equal("two", "one", null);
        File.ReadAllText(file).Should().Be("one\ntwo\n");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllLines(file, Enumerable.Range(0, 2000).Select(static i => $"{i}"));
        _ = new History(file);
        File.ReadLines(file).Should().HaveCount(1000);
        new History("/dev/null/not/a/folder").Invoking(static h => h.Add("x")).Should().NotThrow();
        History.FileIn(static name => name == "GAW_HISTORY" ? "" : "/home").Should().BeNull();
        History.FileIn(static _ => null).Should().BeNull();
    }

    [Fact]
    public async Task In_a_pseudo_terminal_the_shell_survives_long_lines_wide_characters_and_interrupts()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1), which makes pseudo terminals.");
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Slow>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        await using PseudoTerminal terminal = PseudoTerminal.Start(40, 12, _folder, "shell", $"127.0.0.1:{server.LocalEndPoint.Port}");
        await terminal.UntilAsync(static screen => screen.EndsWith("\n>"));

        await terminal.TypeAsync("slow.ec\t");
        await terminal.UntilAsync(static screen => screen.EndsWith("> slow.echo("));
        await terminal.TypeAsync("'日本語 " + new string('x', 60) + "')");
        await terminal.UntilAsync(static screen => Joined(screen).EndsWith("x')"));
        terminal.Screen.Text.Split("> slow.echo(").Should().HaveCount(2, "the line is on the screen once:\n{0}", terminal.Screen.Text);
        await terminal.TypeAsync("\r");
        await terminal.UntilAsync(static screen => Joined(screen).EndsWith("x>"));

        await terminal.TypeAsync("not meant\u0003");
        await terminal.UntilAsync(static screen => screen.EndsWith("> not meant^C\n>"));

        Task called = Slow.Called.Task;
        await terminal.TypeAsync("slow.wait()\r");
        await called.WithinAsync(TestTimeouts.Limit, static () => "the call did not come");
        await terminal.TypeAsync("\u0003");
        await terminal.UntilAsync(static screen => screen.EndsWith("gaw: The call was interrupted.\n>"));

        await terminal.TypeAsync("\u001b[A\u001b[A\u001b[D\u001b[D!\r");
        await terminal.UntilAsync(static screen => Joined(screen).EndsWith("x!>"));
        await terminal.TypeAsync("slow.echo('one')\rslow.echo('two')\r");
        await terminal.UntilAsync(static screen => screen.Contains("\none\n") && screen.EndsWith("\ntwo\n>"));

        await terminal.TypeAsync("\u0004");
        (await terminal.WaitAsync()).Should().Be(0);
        File.ReadAllText(Path.Combine(_folder, "history")).Should().Contain("slow.wait()\n").And.NotContain("not meant");
    }

    [Fact]
    public async Task On_an_engine_where_nobody_says_what_he_offers_the_shell_starts_and_calls()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1), which makes pseudo terminals.");
        string engine = await NatsEngine.GetAddressAsync();
        await using GawServer server = new GawServer(engine, new GawServerOptions { SelfDescription = SelfDescriptionPolicy.Never }).Add<Slow>();
        await server.StartAsync(TestContext.Current.CancellationToken);

        await CheckCallsWithoutNamesAsync(engine);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_a_server_refuses_to_describe_itself_or_does_so_in_another_form_the_shell_starts_and_calls(bool refuses)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1), which makes pseudo terminals.");
        await using JsonWeb.JsonWebServer server = new("127.0.0.1", 0);
        server.Map("_gaw/describe", _ => refuses ? throw new GawError("PermissionError", "not for you") : new("no description"));
        server.Map("slow/echo", static _ => new("one"));
        await server.StartAsync(TestContext.Current.CancellationToken);

        await CheckCallsWithoutNamesAsync($"127.0.0.1:{server.LocalEndPoint.Port}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task CheckCallsWithoutNamesAsync(string address)
    {
        await using PseudoTerminal terminal = PseudoTerminal.Start(200, 12, _folder, "shell", $"'{address}'");
        await terminal.UntilAsync(static screen => screen.EndsWith("\n>"));
        await terminal.TypeAsync("slow.echo('one')\r");
        await terminal.UntilAsync(static screen => screen.EndsWith("\none\n>"));
        await terminal.TypeAsync("\u0004");
        (await terminal.WaitAsync()).Should().Be(0);
    }

    /// <summary>Where rows end does not matter, and a blank at the end of one cannot be seen.</summary>
    private static string Joined(string screen) => screen.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    public sealed class Slow
    {
        public static TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Entrypoint]
        public string Echo(string text) => text;

        [Entrypoint]
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            Called.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    /// <summary>Types at an editor whose screen is looked at.</summary>
    private sealed class Typist : IKeys
    {
        private readonly Queue<ConsoleKeyInfo> _keys = new();
        private readonly LineEditor _editor;

        public Typist(Screen screen, string typed, params string[] before)
        {
            History history = new(null);
            foreach (string line in before)
            {
                history.Add(line);
            }

            ParameterInfo a = new("a", "a", "int", "int", false, false);
            MethodInfo[] methods = [new("plus", "math_service/plus", "", Parameters: [a, a with { Name = "b" }]), new("sum", "math_service/sum", "")];
            Completer completer = new(["help", "list", "describe", "exit"], [new ServiceInfo("math_service", null, [.. methods])]);
            _editor = new LineEditor(new ScreenWriter(screen), completer.Complete, history, this, () => (screen.Width, screen.Height));
            for (int at = 0; at < typed.Length;)
            {
                int end = typed[at] == '<' ? typed.IndexOf('>', at) : -1;
                _keys.Enqueue(end > 0 ? Named(typed[(at + 1)..end]) : new ConsoleKeyInfo(typed[at], ConsoleKey.None, false, false, false));
                at = end > 0 ? end + 1 : at + 1;
            }
        }

        public bool TakesInterrupts
        {
            set
            {
            }
        }

        public bool HasMore => false;

        public ConsoleKeyInfo Read() => _keys.Count > 0 ? _keys.Dequeue() : throw new EndOfStreamException();

        public EditedLine Read(string prompt) => _editor.Read(prompt);

        public void ReadToEnd() => FluentActions.Invoking(() => Read("> ")).Should().Throw<EndOfStreamException>();

        private static ConsoleKeyInfo Named(string name)
        {
            bool control = name[0] == '^';
            string key = name.TrimStart('^') switch { "Left" => "LeftArrow", "Right" => "RightArrow", "Up" => "UpArrow", "Down" => "DownArrow", var other => other };
            return new ConsoleKeyInfo('\0', Enum.Parse<ConsoleKey>(key), false, false, control);
        }
    }

    /// <summary>The tool at a terminal that a program holds.</summary>
    private sealed class PseudoTerminal : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly Task _reading;
        private readonly SemaphoreSlim _changed = new(0);

        private PseudoTerminal(Process process, Screen screen)
        {
            _process = process;
            Screen = screen;
            _reading = ReadAsync();
        }

        public Screen Screen { get; }

        public static PseudoTerminal Start(int width, int height, string folder, params string[] arguments)
        {
            string command = $"stty cols {width} rows {height}; exec dotnet '{ToolProcess.Tool}' {string.Join(' ', arguments)}";
            ProcessStartInfo start = new("/usr/bin/script", ["-qec", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
            start.StandardInputEncoding = new UTF8Encoding(false);
            start.Environment["TERM"] = "xterm";
            start.Environment["LANG"] = "C.UTF-8";
            start.Environment["SHELL"] = "/bin/sh";
            start.Environment["GAW_HISTORY"] = Path.Combine(folder, "history");
            return new PseudoTerminal(Process.Start(start)!, new Screen(width, height));
        }

        public async Task TypeAsync(string text)
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
        }

        /// <summary>Waits until the screen is as it should be.</summary>
        public async Task UntilAsync(Func<string, bool> isReached)
        {
            while (!isReached(Text()))
            {
                await _changed.WaitAsync().WithinAsync(TestTimeouts.Limit, () => "the screen stays:\n" + Text());
            }
        }

        public async Task<int> WaitAsync()
        {
            await _process.WaitForExitAsync().WithinAsync(TestTimeouts.Limit, () => "it does not end:\n" + Text());
            return _process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            await _reading;
            _process.Dispose();
        }

        private string Text()
        {
            lock (Screen)
            {
                return Screen.Text;
            }
        }

        private async Task ReadAsync()
        {
            char[] buffer = new char[4096];
            string rest = "";
            while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and int count)
            {
                // An order may come in two parts.
                string text = rest + new string(buffer, 0, count);
                int order = text.LastIndexOf('\u001b');
                bool isWhole = order < 0 || text.AsSpan(order + 1).IndexOfAnyInRange('A', 'z') is > 0 or 0 && (text[order + 1] != '[' || text.AsSpan(order + 2).ContainsAnyInRange('A', 'z'));
                rest = isWhole ? "" : text[order..];
                lock (Screen)
                {
                    Screen.Write(isWhole ? text : text[..order]);
                }

                _changed.Release();
            }
        }
    }
}
