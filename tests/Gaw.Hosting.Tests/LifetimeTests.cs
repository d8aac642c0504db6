using System.Collections.Concurrent;
using Gaw.Hosting.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting.Tests;

/// <summary>A call has a scope of its own in the container, and nothing lives shorter or longer than its registration says.</summary>
public sealed class LifetimeTests
{
    [Service]
    public interface ITill
    {
        string Sell(string what);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Filter_and_method_of_a_call_share_its_scoped_services_and_no_other_call_has_them()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Units units = new();
        builder.Services.AddSingleton(units).AddScoped<Unit>();
        builder.Services.AddGawServer().AddService<Shop>().AddFilter<Watch>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect();

        string[] pairs = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => client.CallAsync<string>("shop/unit", cancellationToken: Cancellation)));

        pairs.Should().OnlyHaveUniqueItems().And.OnlyContain(static pair => pair.Split(' ')[0] == pair.Split(' ')[1], "the filter leaves its unit's number for the method");
        await units.Disposed.WaitForAsync(500);
        units.Open.Should().BeEmpty();
        await host.EndAsync();
    }

    [Fact]
    public async Task A_lazily_made_result_leans_on_its_scope_until_it_is_written()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Units units = new();
        builder.Services.AddSingleton(units).AddScoped<Unit>();
        builder.Services.AddGawServer().AddService<Shop>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect();

        client.Call<List<bool>>("shop/rows").Should().Equal(true, true, true);
        await units.Disposed.WaitForAsync(1);
        await host.EndAsync();
    }

    [Fact]
    public async Task A_service_that_can_only_be_disposed_asynchronously_is_disposed_with_its_call()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Units units = new();
        builder.Services.AddSingleton(units).AddScoped<Unit>();
        builder.Services.AddGawServer().AddService<AsyncOnly>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect();

        client.Call<string>("async_only/name").Should().Be("asynchronous");
        client.Invoking(static c => c.Call<string>("async_only/fails")).Should().Throw<GawRemoteException>();
        await units.Disposed.WaitForAsync(2);
        await host.EndAsync();
    }

    [Fact]
    public async Task A_singleton_serves_all_calls_and_ends_with_the_host_only()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddSingleton<Only>();
        builder.Services.AddGawServer().AddService<Only>();
        IHost host = await builder.StartAsync();
        Only only = host.Services.GetRequiredService<Only>();
        await using (GawClient client = host.Connect())
        {
            for (int i = 1; i <= 5; i++)
            {
                client.Call<int>("only/count").Should().Be(i);
            }
        }

        await host.EndAsync();
        only.IsDisposed.Should().BeFalse();
        host.Dispose();
        only.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public async Task A_transient_that_can_be_disposed_ends_with_its_call_once_and_the_root_keeps_none()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Units units = new();
        builder.Services.AddSingleton(units).AddTransient<Unit>().AddTransient<Shop>();
        builder.Services.AddGawServer().AddService<Shop>();
        IHost host = await builder.StartAsync();
        await using (GawClient client = host.Connect())
        {
            for (int i = 0; i < 100; i++)
            {
                client.Call<List<bool>>("shop/rows").Should().Equal(true, true, true);
            }
        }

        await units.Disposed.WaitForAsync(100);
        await host.EndAsync();
        host.Dispose();
        units.DisposedTwice.Should().Be(0);
        units.Open.Should().BeEmpty();
    }

    [Fact]
    public async Task An_interface_with_a_contract_is_served_by_what_is_registered_for_it()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddScoped<ITill, Till>();
        builder.Services.AddGawServer().AddService<ITill>().AddService<ITill>("second_till");
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect();

        client.For<ITill>().Sell("tea").Should().Be("sold tea");
        client.Call<string>("second_till/sell", ["tea"]).Should().Be("sold tea");
        await host.EndAsync();
    }

    [Fact]
    public async Task A_scoped_service_in_a_singleton_is_refused_at_the_start_in_development_with_its_name()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true }));
        builder.Services.AddSingleton(new Units()).AddScoped<Unit>().AddSingleton<Shop>();
        builder.Services.AddGawServer(static settings => settings.Port = 0).AddService<Shop>();

        (await FluentActions.Awaiting(builder.StartAsync).Should().ThrowAsync<InvalidOperationException>()).Which.Message
            .Should().Contain("The Gaw server cannot start").And.Contain($"{typeof(Shop).FullName} cannot be made for a call").And.Contain(nameof(Unit));
    }

    public sealed class Till : ITill
    {
        public string Sell(string what) => $"sold {what}";
    }

    public sealed class Units
    {
        private int _made;
        private int _disposedTwice;

        public ConcurrentDictionary<int, bool> Open { get; } = [];

        public Tally Disposed { get; } = new("units that were disposed");

        public int DisposedTwice => _disposedTwice;

        public int Make()
        {
            int number = Interlocked.Increment(ref _made);
            Open[number] = true;
            return number;
        }

        public void End(int number)
        {
            if (!Open.TryRemove(number, out _))
            {
                Interlocked.Increment(ref _disposedTwice);
            }

            Disposed.Add();
        }
    }

    /// <summary>A unit of work, as a DbContext is one. What the start's check makes is disposed by then and not counted.</summary>
    public sealed class Unit(Units units) : IAsyncDisposable, IDisposable
    {
        private int _number;

        public int Number => _number == 0 ? _number = units.Make() : _number;

        public bool IsOpen => units.Open.ContainsKey(Number);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        public void Dispose()
        {
            if (_number > 0)
            {
                units.End(_number);
            }
        }
    }

    public sealed class Shop(Unit unit)
    {
        [Entrypoint]
        public async Task<string> UnitAsync(GawCallContext context)
        {
            await Task.Yield();
            return $"{unit.Number} {context.Items["unit"]}";
        }

        [Entrypoint]
        public IEnumerable<bool> Rows() => Enumerable.Range(0, 3).Select(_ => unit.IsOpen);
    }

    public sealed class AsyncOnly(Units units) : IAsyncDisposable
    {
        private int _number;

        [Entrypoint]
        public string Name()
        {
            _number = units.Make();
            return "asynchronous";
        }

        [Entrypoint]
        public string Fails()
        {
            _number = units.Make();
            throw new InvalidOperationException("failed");
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            if (_number > 0)
            {
                units.End(_number);
            }
        }
    }

    public sealed class Only : IDisposable
    {
        private int _count;

        public bool IsDisposed { get; private set; }

        [Entrypoint]
        public int Count() => ++_count;

        public void Dispose() => IsDisposed = true;
    }

    public sealed class Watch(Unit unit) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            context.Items["unit"] = unit.Number;
            return next(context);
        }
    }
}
