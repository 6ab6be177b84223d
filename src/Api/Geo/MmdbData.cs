using System.Text;

namespace Personalization.Api.Geo;

/// <summary>Reads the data section of a MaxMind DB file.</summary>
/// <remarks>
/// Source: MaxMind DB File Format Specification 2.0, "Output Data Section". Positions count from the beginning of the section.
/// Whatever lies outside of it, nests too deep or is of a type there is none of is <see cref="InvalidDataException"/>.
/// </remarks>
internal readonly struct MmdbData(ReadOnlyMemory<byte> section)
{
    private const int MaxDepth = 64;

    private enum Kind
    {
        Extended = 0,
        Pointer = 1,
        Text = 2,
        Double = 3,
        Bytes = 4,
        UInt16 = 5,
        UInt32 = 6,
        Map = 7,
        Int32 = 8,
        UInt64 = 9,
        UInt128 = 10,
        Array = 11,
        Boolean = 14,
        Float = 15,
    }

    /// <summary>Finds the value of a member of a map; -1 where this is no map or has none of that name.</summary>
    public int Member(int at, string name)
    {
        var (kind, size, next) = Resolve(at);
        if (kind != Kind.Map)
        {
            return -1;
        }

        for (var left = size; left > 0; left--)
        {
            var key = Text(next) ?? throw Damaged("a map has a key that is no text");
            next = Skip(next, 0);
            if (key == name)
            {
                return next;
            }

            next = Skip(next, 0);
        }

        return -1;
    }

    /// <summary>Reads a text; null where the value is something else, or there is none.</summary>
    public string? Text(int at)
    {
        if (at < 0)
        {
            return null;
        }

        var (kind, size, next) = Resolve(at);
        return kind == Kind.Text ? Encoding.UTF8.GetString(Take(next, size)) : null;
    }

    /// <summary>Reads a whole number that is not negative; null where the value is something else, or there is none.</summary>
    public ulong? Number(int at)
    {
        if (at < 0)
        {
            return null;
        }

        var (kind, size, next) = Resolve(at);
        if (kind is not (Kind.UInt16 or Kind.UInt32 or Kind.UInt64) || size > 8)
        {
            return null;
        }

        ulong number = 0;
        foreach (var digit in Take(next, size))
        {
            number = (number << 8) | digit;
        }

        return number;
    }

    /// <summary>Passes over a value, checking that all of it is there, and gives where the next one begins.</summary>
    public int Skip(int at, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Damaged($"values nest more than {MaxDepth} deep");
        }

        var (kind, size, next) = Control(at);
        switch (kind)
        {
            case Kind.Pointer:
                // What a pointer leads to is checked where it is; here, that it is in the file and no pointer again.
                Resolve(at);
                return next;
            case Kind.Map:
            case Kind.Array:
                for (var left = kind == Kind.Map ? 2L * size : size; left > 0; left--)
                {
                    next = Skip(next, depth + 1);
                }

                return next;
            case Kind.Boolean:
                return next;
            case Kind.Double when size != 8:
            case Kind.Float when size != 4:
            case Kind.UInt16 when size > 2:
            case Kind.UInt32 or Kind.Int32 when size > 4:
            case Kind.UInt64 when size > 8:
            case Kind.UInt128 when size > 16:
                throw Damaged($"a value of type {kind} has {size} bytes");
            default:
                Take(next, size);
                return next + size;
        }
    }

    private (Kind Kind, int Size, int Next) Resolve(int at)
    {
        var control = Control(at);
        if (control.Kind != Kind.Pointer)
        {
            return control;
        }

        var target = Control(control.Size);
        return target.Kind != Kind.Pointer ? target : throw Damaged("a pointer leads to a pointer");
    }

    /// <summary>Reads a control byte with what belongs to it; the size of a pointer is where it leads.</summary>
    private (Kind Kind, int Size, int Next) Control(int at)
    {
        var control = Take(at, 1)[0];
        var kind = (Kind)(control >> 5);
        at++;
        if (kind == Kind.Pointer)
        {
            var length = ((control >> 3) & 3) + 1;
            long target = length == 4 ? 0 : control & 7;
            foreach (var digit in Take(at, length))
            {
                target = (target << 8) | digit;
            }

            target += length switch { 2 => 2048, 3 => 526_336, _ => 0 };
            return target < section.Length ? (kind, (int)target, at + length) : throw Damaged("a pointer leads out of the file");
        }

        if (kind == Kind.Extended)
        {
            kind = (Kind)(Take(at, 1)[0] + 7);
            at++;
        }

        if (!Enum.IsDefined(kind) || kind == Kind.Extended)
        {
            throw Damaged($"there is a value of the unknown type {(int)kind}");
        }

        var size = control & 0x1F;
        if (size >= 29)
        {
            var length = size - 28;
            var more = 0;
            foreach (var digit in Take(at, length))
            {
                more = (more << 8) | digit;
            }

            size = more + (length switch { 1 => 29, 2 => 285, _ => 65_821 });
            at += length;
        }

        return (kind, size, at);
    }

    private ReadOnlySpan<byte> Take(int at, int length) => at >= 0 && length >= 0 && length <= section.Length - at
        ? section.Span.Slice(at, length)
        : throw Damaged("a value ends outside of the file");

    private static InvalidDataException Damaged(string what) => new($"The file is damaged: {what}.");
}
