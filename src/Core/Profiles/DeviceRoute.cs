using System.Buffers;

namespace Personalization.Core.Profiles;

/// <summary>Whose the events of a device are, by their positions in the device's own log, and what its first login has yet to take over.</summary>
/// <remarks>
/// A host whose profiles live apart can't change two of them at once. So the device says first, durably, from which position on its events
/// are the login's, and keeps what it held until then as a parcel; the login takes the parcel over, once, and only then is it thrown away.
/// An event has one owner, whoever asks again after whatever went down.
/// </remarks>
internal sealed class DeviceRoute
{
    // Beyond this the oldest are forgotten: nobody hands a device on so often before its events are stored.
    private const int MostOwners = 32;

    private readonly List<(long After, string Owner)> _owners = [];
    private (string For, byte[] Bytes)? _parcel;

    /// <summary>Gets whether there is anything to remember.</summary>
    public bool IsEmpty => _owners.Count == 0 && _parcel is null;

    /// <summary>Gets how many logins the device went through.</summary>
    public int Count => _owners.Count;

    /// <summary>Gets the login before the last one that is another, or null.</summary>
    public string? Previous => _owners.Count < 2 ? null : _owners[^2].Owner;

    /// <summary>Gives the login that an event belongs to; null where it is the device's own.</summary>
    public string? OwnerAt(long position)
    {
        for (var i = _owners.Count - 1; i >= 0; i--)
        {
            if (_owners[i].After < position)
            {
                return _owners[i].Owner;
            }
        }

        return null;
    }

    /// <summary>Makes a login the owner of all events after a position.</summary>
    public void Add(long after, string login)
    {
        _owners.Add((after, login));
        if (_owners.Count > MostOwners)
        {
            _owners.RemoveAt(0);
        }
    }

    /// <summary>Keeps what the device held until its login has it.</summary>
    public void Keep(string login, byte[] bytes) => _parcel = (login, bytes);

    /// <summary>Gives what a login has yet to take over; null where there is nothing for it.</summary>
    public byte[]? ParcelFor(string login) => _parcel is { } parcel && parcel.For == login ? parcel.Bytes : null;

    /// <summary>Throws away what a login has taken over.</summary>
    public void Forget(string login) => _parcel = ParcelFor(login) is null ? _parcel : null;

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteNumber(_owners.Count);
        foreach (var (after, owner) in _owners)
        {
            output.WriteNumber(after);
            output.WriteText(owner);
        }

        output.WriteText(_parcel?.For);
        if (_parcel is { } parcel)
        {
            output.WriteBytes(parcel.Bytes);
        }
    }

    public static DeviceRoute Read(ref BytesReader reader)
    {
        var route = new DeviceRoute();
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            route._owners.Add((reader.ReadNumber(), reader.ReadRequiredText()));
        }

        if (reader.ReadText() is { } login)
        {
            route._parcel = (login, reader.ReadBytes());
        }

        return route;
    }
}
