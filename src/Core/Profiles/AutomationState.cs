using System.Buffers;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>Whether a person is taken for a program, why, and until when. Times are seconds since the Unix epoch.</summary>
/// <remarks>
/// Acts are counted by minute of the clock, this one and the one before; the last 60 seconds have about the count of this minute and that
/// share of the one before which they overlap. 16 bytes.
/// </remarks>
public struct AutomationState
{
    /// <summary>The most acts (views, clicks, searches, carts, purchases) of a person in 60 seconds: two a second, a whole minute long.</summary>
    public const int MostActsPerMinute = 120;

    /// <summary>How long somebody stays flagged after the last act that was too quick, in seconds: one hour.</summary>
    public const int RateSeconds = 60 * 60;

    /// <summary>How long somebody stays flagged after the last event with a bot's user agent, in seconds: one day.</summary>
    public const int UserAgentSeconds = 24 * 60 * 60;

    private const int PaneSeconds = 60;

    private uint _pane;
    private ushort _acts;
    private ushort _before;
    private uint _byAgent;
    private uint _byRate;

    /// <summary>Gets until when the person is taken for a program; 0 for never.</summary>
    public readonly uint Until => Math.Max(_byAgent, _byRate);

    /// <summary>Says why the person is taken for a program at a time; nothing where they are not.</summary>
    public readonly AutomationReasons At(long nowSeconds) =>
        (nowSeconds < _byAgent ? AutomationReasons.UserAgent : 0) | (nowSeconds < _byRate ? AutomationReasons.Rate : 0);

    /// <summary>Takes notice of an event.</summary>
    /// <param name="source">The event.</param>
    /// <param name="at">When it happened.</param>
    internal void Fold(Event source, uint at)
    {
        if (source.IsAutomated)
        {
            _byAgent = Math.Max(_byAgent, Later(at, UserAgentSeconds));
        }

        // What is loaded from history or sent late tells nothing of how quickly it was done; what pages send by themselves neither.
        if (source.ReceivedAt - source.Timestamp >= PaneSeconds * 1000L || !IsAct(source.Type))
        {
            return;
        }

        var pane = at / PaneSeconds;
        if (pane == _pane)
        {
            _acts += _acts == ushort.MaxValue ? (ushort)0 : (ushort)1;
        }
        else if (pane > _pane)
        {
            _before = pane == _pane + 1 ? _acts : (ushort)0;
            (_pane, _acts) = (pane, 1);
        }
        else if (pane == _pane - 1)
        {
            _before += _before == ushort.MaxValue ? (ushort)0 : (ushort)1;
        }

        var overlap = PaneSeconds - (at % PaneSeconds);
        if (_acts + ((long)_before * overlap / PaneSeconds) > MostActsPerMinute)
        {
            _byRate = Math.Max(_byRate, Later(at, RateSeconds));
        }
    }

    /// <summary>Takes over what is known of another device of the same person: associative and commutative.</summary>
    internal void Merge(in AutomationState other)
    {
        _byAgent = Math.Max(_byAgent, other._byAgent);
        _byRate = Math.Max(_byRate, other._byRate);
        var pane = Math.Max(_pane, other._pane);
        var acts = CountIn(pane) + other.CountIn(pane);
        var before = pane == 0 ? 0 : CountIn(pane - 1) + other.CountIn(pane - 1);
        (_pane, _acts, _before) = (pane, (ushort)Math.Min(acts, ushort.MaxValue), (ushort)Math.Min(before, ushort.MaxValue));
    }

    internal readonly void Write(IBufferWriter<byte> output)
    {
        output.WriteNumber(_pane);
        output.WriteNumber((uint)_acts);
        output.WriteNumber((uint)_before);
        output.WriteNumber(_byAgent);
        output.WriteNumber(_byRate);
    }

    internal static AutomationState Read(ref BytesReader reader) => new()
    {
        _pane = reader.ReadUInt32(),
        _acts = reader.ReadUInt16(),
        _before = reader.ReadUInt16(),
        _byAgent = reader.ReadUInt32(),
        _byRate = reader.ReadUInt32(),
    };

    private static bool IsAct(string type) => type == EventTypes.Search || EventTypes.InterestWeight(type) > 0;

    private static uint Later(uint at, uint seconds) => at > uint.MaxValue - seconds ? uint.MaxValue : at + seconds;

    private readonly int CountIn(uint pane) => pane == _pane ? _acts : pane + 1 == _pane ? _before : 0;
}
