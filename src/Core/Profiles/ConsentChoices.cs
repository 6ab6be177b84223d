using System.Buffers;
using System.Numerics;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Profiles;

/// <summary>What a person chose, for each purpose. Immutable; the default value is somebody who never chose.</summary>
/// <remarks>
/// 8 bytes for those who never chose, about 110 more for the others; at rest 1 byte, and about 8 for each choice.
/// </remarks>
public readonly struct ConsentChoices
{
    private const int SourceShift = 2;
    private const int StateMask = 3;

    // By the purpose's bit; null where nothing was ever chosen. Never changed once it is made, so that copies may share it.
    private readonly ConsentChoice[]? _choices;

    private ConsentChoices(ConsentChoice[] choices) => _choices = choices;

    /// <summary>Gets what was chosen about a single purpose.</summary>
    public ConsentChoice this[Purposes purpose] => _choices?[BitOperations.TrailingZeroCount((int)purpose)] ?? ConsentChoice.None;

    /// <summary>Gets whether nothing was ever chosen.</summary>
    public bool IsEmpty => _choices is null;

    /// <summary>Gets the purposes that were granted.</summary>
    public Purposes Granted => Where(ConsentState.Granted);

    /// <summary>Gets the purposes that were denied.</summary>
    public Purposes Denied => Where(ConsentState.Denied);

    /// <summary>Says whether a purpose was denied.</summary>
    public bool Denies(Purposes purpose) => _choices is not null && this[purpose].State == ConsentState.Denied;

    /// <summary>Takes what an event of type <see cref="EventTypes.Consent"/> says. An older choice never overrides a newer one.</summary>
    /// <param name="said">What it says.</param>
    /// <param name="at">When, in milliseconds since the Unix epoch.</param>
    /// <param name="changed">The purposes that are in another state now.</param>
    public ConsentChoices With(Consent said, long at, out Purposes changed)
    {
        changed = Purposes.None;
        if (said.Named == Purposes.None)
        {
            return this;
        }

        var next = Copy();
        foreach (var purpose in PurposeNames.All)
        {
            if ((said.Named & purpose) == 0)
            {
                continue;
            }

            var state = (said.Denied & purpose) != 0 ? ConsentState.Denied
                : (said.Withdrawn & purpose) != 0 ? ConsentState.Unknown
                : ConsentState.Granted;
            ref var choice = ref next[BitOperations.TrailingZeroCount((int)purpose)];
            var before = choice.State;
            choice = choice.Or(new ConsentChoice(state, Math.Max(1, at), said.Source));
            changed |= choice.State == before ? Purposes.None : purpose;
        }

        return new ConsentChoices(next);
    }

    /// <summary>Joins choices of the same person: of each purpose the later one holds, and of two at the same time the stricter.</summary>
    public ConsentChoices Or(ConsentChoices other) => Join(other, static (left, right) => left.Or(right));

    /// <summary>Joins the choices of two people who turn out to be one: the stricter wins. Associative, commutative and idempotent.</summary>
    public ConsentChoices Merge(ConsentChoices other) => Join(other, static (left, right) => left.Merge(right));

    /// <summary>Gives the bytes that <see cref="Read(ReadOnlySpan{byte})"/> reads.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave.</summary>
    /// <exception cref="InvalidDataException">The bytes are nothing of the kind.</exception>
    public static ConsentChoices Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        return Read(ref reader);
    }

    internal void Write(IBufferWriter<byte> output)
    {
        var made = 0;
        for (var i = 0; i < _choices?.Length; i++)
        {
            made |= _choices[i].IsMade ? 1 << i : 0;
        }

        output.WriteByte((byte)made);
        for (var i = 0; i < _choices?.Length; i++)
        {
            if (_choices[i] is { IsMade: true } choice)
            {
                output.WriteByte((byte)((int)choice.State | ((int)choice.Source << SourceShift)));
                output.WriteNumber(choice.Since);
            }
        }
    }

    internal static ConsentChoices Read(ref BytesReader reader)
    {
        var made = reader.ReadByte();
        if (made == 0)
        {
            return default;
        }

        var choices = default(ConsentChoices).Copy();
        for (var i = 0; i < choices.Length; i++)
        {
            if ((made & (1 << i)) != 0)
            {
                var packed = reader.ReadByte();
                choices[i] = new ConsentChoice((ConsentState)(packed & StateMask), reader.ReadNumber(), (ConsentSource)(packed >> SourceShift));
            }
        }

        return new ConsentChoices(choices);
    }

    private ConsentChoices Join(ConsentChoices other, Func<ConsentChoice, ConsentChoice, ConsentChoice> join)
    {
        if (other._choices is null || _choices is null)
        {
            return _choices is null ? other : this;
        }

        var next = Copy();
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = join(next[i], other._choices[i]);
        }

        return new ConsentChoices(next);
    }

    private Purposes Where(ConsentState state)
    {
        if (_choices is null)
        {
            return Purposes.None;
        }

        var purposes = Purposes.None;
        for (var i = 0; i < _choices.Length; i++)
        {
            purposes |= _choices[i].IsMade && _choices[i].State == state ? (Purposes)(1 << i) : Purposes.None;
        }

        return purposes;
    }

    private ConsentChoice[] Copy()
    {
        var copy = new ConsentChoice[PurposeNames.All.Count];
        if (_choices is null)
        {
            Array.Fill(copy, ConsentChoice.None);
        }
        else
        {
            _choices.CopyTo(copy, 0);
        }

        return copy;
    }
}
