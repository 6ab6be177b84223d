using BenchmarkDotNet.Attributes;
using Personalization.Bench.Workload;
using Personalization.Core;
using Personalization.Core.Profiles;

namespace Personalization.Bench.InProcess;

/// <summary>The profile of a device that came for seven weeks, merged into that of a login who did too.</summary>
/// <remarks>Every operation has a login of its own, which is made from bytes before the iteration: merging changes it.</remarks>
[MemoryDiagnoser]
public class MergeBenchmarks
{
    private const int Pairs = 1_000;
    private const int Sessions = 54;

    private readonly Vocabulary _words = new();
    private readonly UserProfile[] _logins = new UserProfile[Pairs];
    private readonly byte[][] _bytes = new byte[Pairs][];
    private readonly UserProfile[] _devices = new UserProfile[Pairs];

    [GlobalSetup]
    public void MakeProfiles()
    {
        var now = DateTimeOffset.UtcNow;
        TimeSpan[] before = [.. Enumerable.Range(0, Sessions).Select(session => TimeSpan.FromHours(20 * (Sessions - session)))];
        for (var pair = 0; pair < Pairs; pair++)
        {
            _devices[pair] = Of(pair);
            var login = new System.Buffers.ArrayBufferWriter<byte>();
            Of(Pairs + pair).Write(login, _words);
            _bytes[pair] = login.WrittenSpan.ToArray();
        }

        UserProfile Of(int person)
        {
            var profile = new UserProfile(People.Id(person));
            foreach (var visit in Visits.Of(person, now, before))
            {
                profile.Fold(visit, profile.Version + 1, _words);
            }

            return profile;
        }
    }

    [IterationSetup]
    public void ReadLogins()
    {
        for (var pair = 0; pair < Pairs; pair++)
        {
            _logins[pair] = UserProfile.Read(People.Id(Pairs + pair), _bytes[pair], _words);
        }
    }

    /// <summary>Ceiling: 20 µs.</summary>
    [Benchmark(OperationsPerInvoke = Pairs)]
    public int Merge_20us()
    {
        for (var pair = 0; pair < Pairs; pair++)
        {
            _logins[pair].Merge(_devices[pair], _words);
        }

        return _logins.Length;
    }
}
