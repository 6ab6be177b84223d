using System.Buffers;

namespace Personalization.Core.Profiles;

/// <summary>How far a login has the events of each of its devices, which have positions of their own, and whose parcels it has taken over.</summary>
internal sealed class GuestPositions
{
    // Beyond this the device quiet for longest is forgotten; what it sent is stored long since.
    private const int MostDevices = 256;

    private readonly List<Guest> _guests = [];

    /// <summary>Gets whether there is anything to remember.</summary>
    public bool IsEmpty => _guests.Count == 0;

    /// <summary>Gets the position up to which a device's events are in the login's profile; 0 where none are.</summary>
    public long Of(string device) => _guests.Find(guest => guest.Device == device).Position;

    /// <summary>Gets whether what the device held before it was joined is in the login's profile.</summary>
    public bool HasParcelOf(string device) => _guests.Find(guest => guest.Device == device).HasParcel;

    /// <summary>Notes that a device's events up to a position are in the profile.</summary>
    public void Advance(string device, long position) => Put(new Guest(device, Math.Max(position, Of(device)), HasParcelOf(device)));

    /// <summary>Notes that a device's parcel is in the profile.</summary>
    public void TakeParcel(string device) => Put(new Guest(device, Of(device), HasParcel: true));

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteNumber(_guests.Count);
        foreach (var guest in _guests)
        {
            output.WriteText(guest.Device);
            output.WriteNumber(guest.Position);
            output.WriteByte(guest.HasParcel ? (byte)1 : (byte)0);
        }
    }

    public static GuestPositions Read(ref BytesReader reader)
    {
        var guests = new GuestPositions();
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            guests._guests.Add(new Guest(reader.ReadRequiredText(), reader.ReadNumber(), reader.ReadByte() != 0));
        }

        return guests;
    }

    private void Put(Guest guest)
    {
        _guests.RemoveAll(known => known.Device == guest.Device);
        _guests.Add(guest);
        if (_guests.Count > MostDevices)
        {
            _guests.RemoveAt(0);
        }
    }

    private readonly record struct Guest(string Device, long Position, bool HasParcel);
}
