using System.Buffers;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>The variants a person was exposed to, by experiment and device.</summary>
/// <remarks>Whoever adds has exclusive access; anybody may read meanwhile, because a change replaces the list.</remarks>
internal struct Assignments
{
    /// <summary>The most exposures remembered; the oldest gives way.</summary>
    public const int Capacity = 64;

    private Assignment[]? _entries;

    public readonly ReadOnlySpan<Assignment> Entries => _entries;

    /// <summary>Remembers what was shown. The first exposure under a version stays; a newer version starts afresh.</summary>
    public void Add(Exposure exposure, uint at, string? device, Vocabulary words)
    {
        var added = new Assignment(
            words.Number(exposure.Experiment), exposure.Version, words.Number(exposure.Variant), at, device is null ? 0 : StableHash.Of(device));
        if (added.Experiment < 0 || added.Variant < 0)
        {
            return;
        }

        for (var i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].Experiment == added.Experiment && Entries[i].Device == added.Device)
            {
                // What comes late of an older version is past.
                if (added.Version > Entries[i].Version)
                {
                    var replaced = Entries.ToArray();
                    replaced[i] = added;
                    _entries = replaced;
                }

                return;
            }
        }

        _entries = [.. Entries[(Entries.Length < Capacity ? 0 : 1)..], added];
    }

    /// <summary>Finds the variant shown first under an experiment's version on any device; -1 where there is none.</summary>
    public readonly int Earliest(int experiment, int version)
    {
        var (variant, earliest) = (-1, uint.MaxValue);
        foreach (var entry in Entries)
        {
            if (entry.Experiment == experiment && entry.Version == version && (variant < 0 || entry.At < earliest))
            {
                (variant, earliest) = (entry.Variant, entry.At);
            }
        }

        return variant;
    }

    /// <summary>Finds the variant shown on a device under an experiment's version; -1 where there is none.</summary>
    public readonly int Of(int experiment, int version, string device)
    {
        ulong hash = 0;
        foreach (var entry in Entries)
        {
            if (entry.Experiment != experiment || entry.Version != version)
            {
                continue;
            }

            hash = hash == 0 ? StableHash.Of(device) : hash;
            if (entry.Device == hash)
            {
                return entry.Variant;
            }
        }

        return -1;
    }

    /// <summary>
    /// Adds another's: of each experiment and device the newer version, of one version what was seen first. Where they are too many,
    /// those seen last stay.
    /// </summary>
    public void Merge(Assignments other, Vocabulary words)
    {
        if (other.Entries.Length == 0)
        {
            return;
        }

        var all = new List<Assignment>(Entries.ToArray());
        foreach (var theirs in other.Entries)
        {
            var mine = all.FindIndex(entry => entry.Experiment == theirs.Experiment && entry.Device == theirs.Device);
            if (mine < 0)
            {
                all.Add(theirs);
            }
            else if (Precedes(theirs, all[mine], words))
            {
                all[mine] = theirs;
            }
        }

        all.Sort((left, right) => left.At != right.At ? left.At.CompareTo(right.At)
            : left.Device != right.Device ? left.Device.CompareTo(right.Device)
            : string.CompareOrdinal(words[left.Experiment], words[right.Experiment]));
        _entries = [.. all.Skip(all.Count - Capacity)];
    }

    /// <summary>Forgets what was shown on other devices.</summary>
    public void KeepOnly(string device)
    {
        var hash = StableHash.Of(device);
        _entries = [.. Entries.ToArray().Where(entry => entry.Device == hash)];
    }

    /// <summary>Gives by experiment the variant of the newest version seen, shown first.</summary>
    public readonly Dictionary<string, string> ByExperiment(Vocabulary words)
    {
        var variants = new Dictionary<string, string>();
        foreach (var of in Entries.ToArray().GroupBy(entry => entry.Experiment))
        {
            variants[words[of.Key]] = words[Earliest(of.Key, of.Max(entry => entry.Version))];
        }

        return variants;
    }

    public readonly void Write(IBufferWriter<byte> output, Vocabulary words)
    {
        output.WriteNumber(Entries.Length);
        foreach (var entry in Entries)
        {
            output.WriteText(words[entry.Experiment]);
            output.WriteNumber(entry.Version);
            output.WriteText(words[entry.Variant]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, as shown on the person's own device; <see cref="ReadDevices"/> says more.</summary>
    public static Assignments Read(ref BytesReader reader, Vocabulary words, string id)
    {
        var entries = new Assignment[reader.ReadCount()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new Assignment(
                words.Number(reader.ReadRequiredText()), reader.ReadInt32(), words.Number(reader.ReadRequiredText()), 0, StableHash.Of(id));
        }

        return new Assignments { _entries = entries };
    }

    public readonly void WriteDevices(IBufferWriter<byte> output)
    {
        foreach (var entry in Entries)
        {
            output.WriteNumber(entry.At);
            output.WriteFixed(entry.Device);
        }
    }

    public readonly void ReadDevices(ref BytesReader reader)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            _entries![i] = _entries[i] with { At = reader.ReadUInt32(), Device = reader.ReadFixed() };
        }
    }

    /// <summary>Forgets what the vocabulary had no room for.</summary>
    public void DropUnnumbered()
    {
        if (_entries is not null && Array.Exists(_entries, entry => entry.Experiment < 0 || entry.Variant < 0))
        {
            _entries = Array.FindAll(_entries, entry => entry is { Experiment: >= 0, Variant: >= 0 });
        }
    }

    private static bool Precedes(Assignment theirs, Assignment mine, Vocabulary words) =>
        theirs.Version != mine.Version ? theirs.Version > mine.Version
        : theirs.At != mine.At ? theirs.At < mine.At
        : string.CompareOrdinal(words[theirs.Variant], words[mine.Variant]) < 0;
}
