using System.Buffers;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <content>The steps in which a device and a login that live apart become one. Each may be done again, and changes nothing then.</content>
public sealed partial class ProfileReplica
{
    // No version of a profile's own bytes begins so.
    private const byte WithLinks = 255;

    private DeviceRoute _route = new();
    private GuestPositions _guests = new();
    private long _handedOn;

    /// <summary>Gives the login that an event of this device belongs to; null where it is folded here.</summary>
    public string? OwnerAt(long position) => _route.OwnerAt(position);

    /// <summary>Gets the position up to which this login has a device's events; 0 where it has none.</summary>
    public long GuestPosition(string device) => _guests.Of(device);

    /// <summary>Gets whether what a device held before it was joined is in this profile.</summary>
    public bool HasParcelOf(string device) => _guests.HasParcelOf(device);

    /// <summary>Folds an event of a device that belongs to this login, which the device's log brings.</summary>
    /// <param name="device">The device's id.</param>
    /// <param name="source">The event.</param>
    /// <param name="position">Its position in the device's log.</param>
    public FoldOutcome FoldGuest(string device, Event source, long position)
    {
        _view = null;
        if (_pendingGuests.TryGetValue(device, out var pending) && pending.Remove(position) && pending.Count == 0)
        {
            _pendingGuests.Remove(device);
        }

        if (position <= _guests.Of(device))
        {
            return FoldOutcome.Duplicate;
        }

        _guests.Advance(device, position);
        return Folded.FoldGuest(source, _words);
    }

    /// <summary>Makes this device a login's, if it may be. What is answered holds once it is stored.</summary>
    /// <param name="login">The login's id.</param>
    /// <param name="at">When the two were seen to be one, in milliseconds since the Unix epoch.</param>
    public Detachment Detach(string login, long at)
    {
        _view = null;
        var change = Folded.LinkTo(login, at);
        if (change == LinkChange.First && Folded.IsKnown)
        {
            var parcel = new ArrayBufferWriter<byte>(1024);
            Folded.Write(parcel, _words);
            _route.Keep(login, parcel.WrittenSpan.ToArray());
        }

        if (change is LinkChange.First or LinkChange.Moved)
        {
            _route.Add(Folded.Version, login);
        }

        if (change != LinkChange.None)
        {
            Folded.BecomeLinkTo(login, at);
        }

        var isOwner = Folded.Owner == login;
        var previous = isOwner && _route.Previous != login ? _route.Previous : null;
        return new Detachment(isOwner, isOwner && _route.Count == 1, _route.ParcelFor(login), previous);
    }

    /// <summary>Takes over what a device held that is this login's now.</summary>
    /// <param name="device">The device's id.</param>
    /// <param name="detachment">What the device answered.</param>
    /// <exception cref="InvalidDataException">The parcel is no profile.</exception>
    public void Attach(string device, Detachment detachment)
    {
        _view = null;
        if (detachment.Parcel is { } parcel && !_guests.HasParcelOf(device))
        {
            Folded.Merge(UserProfile.Read(device, parcel, _words), _words);
            _guests.TakeParcel(device);
        }

        if (detachment.IsOwner)
        {
            Folded.Attach(new Device(device, detachment.HasHistory));
        }
    }

    /// <summary>Notes that a device is another login's now.</summary>
    public void Release(string device)
    {
        _view = null;
        Folded.Detach(device);
    }

    /// <summary>Gets whether this device keeps a parcel for a login.</summary>
    public bool KeepsFor(string login) => _route.ParcelFor(login) is not null;

    /// <summary>Throws away the parcel that a login has taken over.</summary>
    public void Forget(string login) => _route.Forget(login);

    /// <summary>Remembers what an impression exposed this device to that went to its login.</summary>
    public void Expose(Event impression)
    {
        _view = null;
        Folded.Expose(impression, _words);
    }

    /// <summary>Takes an event of a device of this login that the device's log holds and will bring later.</summary>
    public void HandOverGuest(string device, Event source, long position)
    {
        if (position <= _guests.Of(device))
        {
            return;
        }

        _view = null;
        if (!_pendingGuests.TryGetValue(device, out var pending))
        {
            _pendingGuests[device] = pending = [];
        }

        Hold(pending, source, position);
    }

    /// <summary>Gets whether there is nothing to store: nothing happened since the person was erased, or at all.</summary>
    public bool IsBlank => !Folded.IsKnown && _route.IsEmpty && BytesOf(Folded).AsSpan().SequenceEqual(BytesOf(UserProfile.Erased(Folded.Id, Folded.Version)));

    private byte[] BytesOf(UserProfile profile)
    {
        var bytes = new ArrayBufferWriter<byte>();
        profile.Write(bytes, _words);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Writes all that must be stored.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        if (_route.IsEmpty && _guests.IsEmpty)
        {
            Folded.Write(output, _words);
            return;
        }

        var profile = new ArrayBufferWriter<byte>(1024);
        Folded.Write(profile, _words);
        output.WriteByte(WithLinks);
        output.WriteBytes(profile.WrittenSpan);
        _route.Write(output);
        _guests.Write(output);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no profile, or were written by a newer version of the program.</exception>
    public static ProfileReplica Read(string id, ReadOnlySpan<byte> bytes, Vocabulary words)
    {
        if (bytes.IsEmpty || bytes[0] != WithLinks)
        {
            return new ProfileReplica(UserProfile.Read(id, bytes, words), words);
        }

        var reader = new BytesReader(bytes[1..]);
        return new ProfileReplica(UserProfile.Read(id, reader.ReadBytes(), words), words)
        {
            _route = DeviceRoute.Read(ref reader),
            _guests = GuestPositions.Read(ref reader),
        };
    }
}
