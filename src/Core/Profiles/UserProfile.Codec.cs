using System.Buffers;

namespace Personalization.Core.Profiles;

public sealed partial class UserProfile
{
    private const byte CodecVersion = 2;

    // Version 1 ends with the messages seen; what came later has its defaults where it is missing.
    private const byte WithoutSections = 1;

    /// <summary>Writes version and state, without the id.</summary>
    public void Write(IBufferWriter<byte> output, Vocabulary words)
    {
        output.WriteByte(CodecVersion);
        output.WriteNumber(Version);
        WriteState(output, words);
    }

    /// <summary>
    /// Writes the state without the version, which is a position in the log of one host: these bytes are the same wherever the same
    /// events were folded in the same order.
    /// </summary>
    public void WriteState(IBufferWriter<byte> output, Vocabulary words)
    {
        output.WriteNumber(_receivedAt);
        output.WriteNumber(_firstSeen);
        output.WriteNumber(_sessionStart);
        output.WriteNumber(_lastActive);
        output.WriteNumber(_sessionEvents);
        output.WriteNumber(_sessions);
        output.WriteText(_lastItem < 0 ? null : words[_lastItem]);

        output.WriteNumber(_types.Length);
        foreach (var type in _types)
        {
            output.WriteText(type.Type);
            output.WriteNumber(type.Total);
        }

        // Panes that no window sees any more differ by when room was last made, which is not part of the state.
        var panes = _windows.Live(_receivedAt);
        output.WriteNumber(panes.Length);
        ulong last = 0;
        foreach (var pane in panes)
        {
            output.WriteNumber(pane - last);
            last = pane;
        }

        output.WriteNumber(_recent.Entries.Length);
        foreach (var recent in _recent.Entries)
        {
            output.WriteText(words[recent.Item]);
            output.WriteNumber(recent.At);
        }

        WriteAffinities(output, _categories.Entries, words);
        WriteAffinities(output, _brands.Entries, words);

        _assignments.Write(output, words);
        var seen = _seen.ToArray();
        output.WriteNumber(seen.Length);
        foreach (var fingerprint in seen)
        {
            output.WriteFixed(fingerprint);
        }

        // Version 2 added these.
        _consent.Write(output);
        WriteDevices(output);
        WriteCommerce(output);
        _accumulators.Write(output, _receivedAt);
        _automation.Write(output);
    }

    /// <summary>Reads a profile that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no profile, or were written by a newer version of the program.</exception>
    public static UserProfile Read(string id, ReadOnlySpan<byte> bytes, Vocabulary words)
    {
        var reader = new BytesReader(bytes);
        var version = reader.ReadByte();
        if (version is < WithoutSections or > CodecVersion)
        {
            throw new InvalidDataException($"The profile has version {version}; this program reads versions up to {CodecVersion}.");
        }

        var profile = new UserProfile(id)
        {
            Version = reader.ReadNumber(),
            _receivedAt = reader.ReadNumber(),
            _firstSeen = reader.ReadUInt32(),
            _sessionStart = reader.ReadUInt32(),
            _lastActive = reader.ReadUInt32(),
            _sessionEvents = reader.ReadInt32(),
            _sessions = reader.ReadInt32(),
            _lastItem = reader.ReadText() is { } last ? words.Number(last) : -1,
        };

        profile._types = new TypeTotal[reader.ReadCount()];
        for (var i = 0; i < profile._types.Length; i++)
        {
            var type = reader.ReadRequiredText();
            var number = words.Number(type);
            profile._types[i] = new TypeTotal(number < 0 ? type : words[number], reader.ReadUInt32(), 0);
        }

        var panes = new ulong[reader.ReadCount()];
        for (var i = 0; i < panes.Length; i++)
        {
            panes[i] = (i == 0 ? 0 : panes[i - 1]) + reader.ReadUnsigned();
        }

        profile._windows = ActivityWindows.Of(panes);
        profile._recent = ReadRecent(ref reader, words);
        profile._categories = ReadAffinities(ref reader, words, version);
        profile._brands = ReadAffinities(ref reader, words, version);
        profile._assignments = Assignments.Read(ref reader, words, id);

        var seen = new ulong[reader.ReadCount()];
        for (var i = 0; i < seen.Length; i++)
        {
            seen[i] = reader.ReadFixed();
        }

        profile._seen = SeenMessages.Of(seen);
        if (version > WithoutSections)
        {
            profile._consent = ConsentChoices.Read(ref reader);
            profile.ReadDevices(ref reader);
            profile.ReadCommerce(ref reader);
            profile._accumulators = AccumulatorSet.Read(ref reader, words);
            profile._automation = AutomationState.Read(ref reader);
        }

        profile._assignments.DropUnnumbered();
        return profile;
    }

    private void WriteCommerce(IBufferWriter<byte> output)
    {
        foreach (var type in _types)
        {
            output.WriteNumber(type.LastAt);
        }

        output.WriteNumber(_previousActive);
        _sessionCounts.Write(output);
        _commerce.Write(output, _receivedAt);
    }

    private void ReadCommerce(ref BytesReader reader)
    {
        for (var i = 0; i < _types.Length; i++)
        {
            _types[i] = _types[i] with { LastAt = reader.ReadUInt32() };
        }

        _previousActive = reader.ReadUInt32();
        _sessionCounts = SessionCounts.Read(ref reader);
        _commerce = Commerce.Read(ref reader);
    }

    private static void WriteAffinities(IBufferWriter<byte> output, ReadOnlySpan<Affinity> affinities, Vocabulary words)
    {
        output.WriteNumber(affinities.Length);
        foreach (var affinity in affinities)
        {
            output.WriteText(words[affinity.Symbol]);
            output.WriteDouble(affinity.Value);
            output.WriteNumber(affinity.At);
        }
    }

    private static AffinitySet ReadAffinities(ref BytesReader reader, Vocabulary words, int version)
    {
        var affinities = new List<Affinity>();
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var symbol = words.Number(reader.ReadRequiredText());
            var (value, at) = version == 1 ? Unpack(reader.ReadFixed()) : (reader.ReadDouble(), reader.ReadUInt32());
            if (symbol >= 0)
            {
                affinities.Add(new Affinity(symbol, value, at));
            }
        }

        return AffinitySet.Of([.. affinities]);
    }

    private static RecentItems ReadRecent(ref BytesReader reader, Vocabulary words)
    {
        var items = new List<RecentItem>();
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var item = words.Number(reader.ReadRequiredText());
            var at = reader.ReadUInt32();
            if (item >= 0)
            {
                items.Add(new RecentItem(item, at));
            }
        }

        return Profiles.RecentItems.Of([.. items]);
    }

    private static (double Value, uint At) Unpack(ulong packed) => (BitConverter.UInt32BitsToSingle((uint)(packed >> 32)), (uint)packed);
}
