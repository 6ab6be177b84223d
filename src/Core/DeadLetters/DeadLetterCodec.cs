using System.Buffers;
using Personalization.Core.Privacy;

namespace Personalization.Core.DeadLetters;

/// <summary>The binary form of a dead letter in a store, without its number.</summary>
public static class DeadLetterCodec
{
    private const byte Version = 1;

    /// <summary>Writes one.</summary>
    public static byte[] Write(DeadLetter letter)
    {
        var output = new ArrayBufferWriter<byte>(letter.Event.Length + 256);
        output.WriteByte(Version);
        output.WriteNumber(letter.ReceivedAt);
        output.WriteNumber(letter.SentAt is { } sentAt ? Math.Max(0, sentAt) + 1 : 0);
        output.WriteByte((byte)letter.Signalled);
        output.WriteText(letter.Type);
        output.WriteText(letter.MessageId);
        output.WriteText(letter.AnonymousId);
        output.WriteText(letter.UserId);
        output.WriteText(letter.Problem.Path);
        output.WriteText(letter.Problem.Code);
        output.WriteText(letter.Problem.Detail);
        output.Write(letter.Event.Span);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">The bytes are no dead letter.</exception>
    public static DeadLetter Read(long id, ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("The dead letter was written by another version of the program.");
        }

        var receivedAt = reader.ReadNumber();
        var sentAt = reader.ReadNumber();
        return new DeadLetter
        {
            Id = id,
            ReceivedAt = receivedAt,
            SentAt = sentAt == 0 ? null : sentAt - 1,
            Signalled = (Purposes)reader.ReadByte(),
            Type = reader.ReadText(),
            MessageId = reader.ReadText(),
            AnonymousId = reader.ReadText(),
            UserId = reader.ReadText(),
            Problem = new Problem(reader.ReadText() ?? "", reader.ReadRequiredText(), reader.ReadRequiredText()),
            Event = reader.ReadRest().ToArray(),
        };
    }
}
