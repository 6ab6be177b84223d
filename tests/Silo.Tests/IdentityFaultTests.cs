using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Persistence;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Training;
using Personalization.Grains;
using Personalization.Grains.Counting;
using Personalization.Grains.Lanes;
using Personalization.Grains.Learning;
using Personalization.Grains.Profiles;
using Personalization.Grains.Segments;
using Personalization.Grains.Storage;
using Personalization.Silo.Redis;
using StackExchange.Redis;

namespace Personalization.Silo.Tests;

/// <summary>
/// A device goes from one login to another while everything dies at every step there is: before and after each call to a profile, all
/// lanes and all profiles in memory are lost, and only what Redis and the log hold is left.
/// </summary>
public sealed class IdentityFaultTests
{
    private const int MostSteps = 200;

    [RedisFact]
    public async Task Whatever_dies_while_a_device_is_joined_no_event_is_lost_and_none_counts_twice()
    {
        using var redis = await RedisServer.StartAsync();
        using var store = await Store.OpenAsync(redis);
        var death = new Death();
        using var host = await StartAsync(redis, death);
        var died = 0;
        (bool Executes, bool DevicesFirst)[] ways = [(false, false), (false, true), (true, false), (true, true)];
        foreach (var (executes, devicesFirst) in ways)
        {
            for (var step = 1; step < MostSteps; step++)
            {
                var run = new Run(host.Services, store, death, $"{step}-{executes}-{devicesFirst}");
                death.At(step, executes);
                await run.PlayAsync(devicesFirst);
                var hasDied = death.HasCome;
                death.Never();
                await run.CheckAsync();
                if (!hasDied)
                {
                    break;
                }

                died++;
            }
        }

        Assert.InRange(died, 80, (4 * MostSteps) - 5);
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(RedisServer redis, Death death)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(redis.Address));
        builder.Services.AddSingleton(StoreOptions.Any);
        builder.Services.AddSingleton<IClusterCounts, RedisClusterCounts>();
        builder.Services.AddSingleton<ISegmentStore, RedisSegmentStore>();
        builder.Services.AddPersonalizationGrains();
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.AddIncomingGrainCallFilter(death);
            silo.AddRedisGrainStorage(Stores.State, (RedisStorageOptions options) =>
            {
                options.ConfigurationOptions = ConfigurationOptions.Parse(redis.Address);
                options.GrainStorageSerializer = new StoredBytesSerializer();
            });
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;

        static int FreePort()
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }
    }

    /// <summary>Fails one call to a profile, before or after it did anything, and every call after that until all is lost.</summary>
    private sealed class Death : IIncomingGrainCallFilter
    {
        private readonly Lock _gate = new();
        private int _left = int.MaxValue;
        private bool _executes;
        private bool _isDead;

        public bool HasCome { get; private set; }

        public void At(int call, bool executes) => (HasCome, _left, _executes) = (false, call, executes);

        public void Never() => _left = int.MaxValue;

        /// <summary>Lets calls through again.</summary>
        public void Revive() => _isDead = false;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod.DeclaringType != typeof(IUserProfileGrain))
            {
                await context.Invoke();
                return;
            }

            bool isLast;
            lock (_gate)
            {
                isLast = !_isDead && --_left == 0;
                if (isLast)
                {
                    HasCome = _isDead = true;
                }

                if (_isDead && !(isLast && _executes))
                {
                    throw new InvalidOperationException("Dead.");
                }
            }

            await context.Invoke();
            if (isLast)
            {
                throw new InvalidOperationException("Dead.");
            }
        }
    }

    /// <summary>One story: views on a device, two people who log in on it one after the other, and two lanes that bring it.</summary>
    private sealed class Run(IServiceProvider services, Store store, Death death, string name)
    {
        private static readonly long Start = DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds();

        private readonly Lane _devices = new(services);
        private readonly Lane _logins = new(services);
        private int _second;

        private string Device => $"{name}-tablet";

        public async Task PlayAsync(bool devicesFirst)
        {
            Func<Task>[] script =
            [
                () => _devices.BringAsync(View(null), View(null)),
                _devices.FlushAsync,
                () => _devices.BringAsync(View(null)),
                () => _logins.BringAsync(View("mum"), Link("mum")),
                _logins.FlushAsync,
                () => _devices.BringAsync(View(null), View(null)),
                _logins.FlushAsync,
                () => _devices.BringAsync(View(null)),
                _devices.FlushAsync,
                () => _devices.BringAsync(View(null)),
                () => _logins.BringAsync(Link("dad"), View("dad")),
                () => _devices.BringAsync(View(null)),
                _devices.FlushAsync,
                () => _devices.BringAsync(View(null)),
                () => _logins.BringAsync(Link("mum"), Link("dad")),
                () => _devices.BringAsync(View(null)),
                _logins.FlushAsync,
                _devices.FlushAsync,
            ];
            foreach (var step in script)
            {
                var before = (_devices.Known, _logins.Known);
                try
                {
                    await step();
                }
                catch (InvalidOperationException) when (death.HasCome)
                {
                    var known = (_devices.Known, _logins.Known);
                    await LoseAllAsync();
                    if (devicesFirst)
                    {
                        // News of the device before the login's lane is back at what it was doing.
                        await _devices.RestartAsync();
                        await _devices.BringAsync(View(null));
                        await _logins.RestartAsync();
                    }
                    else
                    {
                        await _logins.RestartAsync();
                        await _devices.RestartAsync();
                    }

                    if (before == known)
                    {
                        await step();
                    }
                }
            }
        }

        public async Task CheckAsync()
        {
            var words = new Vocabulary();
            var people = new List<ProfileView>();
            foreach (var id in (string[])["mum", "dad"])
            {
                var bytes = await Grain($"{name}-{id}").ReadAsync();
                var profile = UserProfile.Read($"{name}-{id}", bytes, words);
                people.Add(profile.ViewAt(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), words));
            }

            var device = UserProfile.Read(Device, await Grain(Device).ReadAsync(), words);
            var items = people.SelectMany(person => person.RecentItems.Select(recent => recent.Item)).Order().ToArray();
            Assert.Equal(_devices.Views.Concat(_logins.Views).Order(), items);
            Assert.Equal(items.Length, people.Sum(person => person.Events["view"]["total"]));
            Assert.Equal(items.Length, people.Sum(person => person.Events["view"]["1h"]));
            Assert.Equal(4, people.Sum(person => person.Events["identify"]["total"]));
            Assert.Equal(($"{name}-dad", 0), (device.Owner, device.Types.Length));
            Assert.Empty(people[0].Devices);
            Assert.Equal([Device], people[1].Devices);

            // What happened before anybody logged in is the first one's.
            var first = people[0].RecentItems.Select(recent => recent.Item).ToHashSet();
            Assert.All(_devices.Views.Take(3), item => Assert.Contains(item, first));
        }

        /// <summary>Loses all that is in memory: nothing can be stored any more, and every activation goes.</summary>
        private async Task LoseAllAsync()
        {
            await store.RefuseWritesAsync(true);
            foreach (var id in (string[])[Device, $"{name}-mum", $"{name}-dad"])
            {
                await Grain(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
            }

            // A call comes to the next activation, once the one before is gone.
            death.Revive();
            foreach (var id in (string[])[Device, $"{name}-mum", $"{name}-dad"])
            {
                await Grain(id).ReadAsync();
            }

            await store.RefuseWritesAsync(false);
        }

        private IUserProfileGrain Grain(string id) => services.GetRequiredService<IGrainFactory>().GetGrain<IUserProfileGrain>(id);

        private Event View(string? login) => Event(EventTypes.View, login);

        private Event Link(string login) => Event(EventTypes.Identify, login);

        private Event Event(string type, string? login)
        {
            var second = ++_second;
            return new Event
            {
                MessageId = $"{name}-{second}",
                Type = type,
                Timestamp = Start + (second * 1000),
                ReceivedAt = Start + (second * 1000),
                AnonymousId = Device,
                UserId = login is null ? null : $"{name}-{login}",
                ItemId = type == EventTypes.View ? $"{name}-item{second}" : null,
            };
        }
    }

    /// <summary>A lane with its part of the log, which knows how far it is durable.</summary>
    private sealed class Lane(IServiceProvider services)
    {
        private readonly List<LaneEvent> _log = [];
        private LaneFolder? _folder;
        private int _durable;

        public int Known => _log.Count;

        public IEnumerable<string> Views => _log.Where(entry => entry.Event.ItemId is not null).Select(entry => entry.Event.ItemId!);

        public async Task BringAsync(params Event[] events)
        {
            var first = _log.Count;
            _log.AddRange(events.Select((source, i) => new LaneEvent(source, first + i + 1)));
            await (_folder ??= Fresh()).FoldAsync(_log[first..]);
        }

        public async Task FlushAsync()
        {
            var through = _log.Count;
            await (_folder ??= Fresh()).FlushAsync();
            _durable = through;
        }

        /// <summary>Begins again where it was durable, as another process does.</summary>
        public async Task RestartAsync()
        {
            _folder = Fresh();
            if (_durable < _log.Count)
            {
                await _folder.FoldAsync(_log[_durable..]);
            }
        }

        private LaneFolder Fresh() => new(
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<SharedKnowledge>(),
            new LaneSessions(new NoTraining(), services.GetRequiredService<Vocabulary>(), TimeProvider.System),
            services.GetRequiredService<Vocabulary>(),
            (_, reason) => throw new InvalidDataException(reason));
    }

    /// <summary>Keeps no sessions: these tests are about profiles.</summary>
    private sealed class NoTraining : ITrainingMemory
    {
        public Task WriteAsync(IReadOnlyList<(string Person, long StartedAt, byte[] Body)> sessions) => Task.CompletedTask;

        public ValueTask<int> EraseAsync(string person) => new(0);

        public ValueTask<IReadOnlyList<TrainingSession>> FindOfAsync(string person) => new([]);

        public IAsyncEnumerable<TrainingSession> ReadAsync(CancellationToken cancellation) => Array.Empty<TrainingSession>().ToAsyncEnumerable();
    }
}
