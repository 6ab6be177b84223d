using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Profiles;

/// <content>Whose devices, or whose device. A login is never joined to anything, so following a link takes one step.</content>
public sealed partial class UserProfile
{
    private const byte LoginFlag = 1;
    private const byte LinksFlag = 2;

    private DeviceLinks? _links;

    /// <summary>Gets whether the id was ever used as a <c>userId</c>.</summary>
    public bool IsLogin { get; private set; }

    /// <summary>Gets the login that this device belongs to, where events and decisions go; null where it is nobody's.</summary>
    public string? Owner => _links?.Owner;

    /// <summary>Gets the devices that belong to this login.</summary>
    public ReadOnlySpan<Device> Devices => _links is null ? [] : _links.Devices;

    /// <summary>Says whether all that happened on a device is in this profile.</summary>
    public bool HasHistoryOf(string device)
    {
        foreach (var known in Devices)
        {
            if (known.Id == device)
            {
                return known.HasHistory;
            }
        }

        return device == Id;
    }

    /// <summary>Tells what joining this device to a login would change.</summary>
    /// <param name="login">The login's id.</param>
    /// <param name="at">When the two were seen to be one, in milliseconds since the Unix epoch.</param>
    public LinkChange LinkTo(string login, long at)
    {
        if (IsLogin || login == Id || _consent.Denies(Purposes.CrossDevice))
        {
            return LinkChange.None;
        }

        if (Owner is not { } owner)
        {
            return LinkChange.First;
        }

        if (owner == login)
        {
            return LinkChange.Renewed;
        }

        // Of two at one moment the id decides, so that the order they arrive in does not.
        var isNewer = at != _links!.LinkedAt ? at > _links.LinkedAt : string.CompareOrdinal(login, owner) > 0;
        return isNewer ? LinkChange.Moved : LinkChange.None;
    }

    /// <summary>Makes this profile a link: what was in it is the login's now, except what was shown on this device, which it remembers.</summary>
    /// <param name="login">The login's id.</param>
    /// <param name="at">When the two were seen to be one, in milliseconds since the Unix epoch.</param>
    public void BecomeLinkTo(string login, long at)
    {
        var linkedAt = Owner == login ? Math.Max(at, _links!.LinkedAt) : at;
        _links = new DeviceLinks { Owner = login, LinkedAt = linkedAt };
        _assignments.KeepOnly(Id);
        (_windows, _seen, _recent, _categories, _brands, _types) = (default, default, default, default, default, []);
        (_commerce, _accumulators, _sessionCounts, _previousActive, _consent) = (default, default, default, 0, default);
        (_receivedAt, _firstSeen, _sessionStart, _lastActive, _sessionEvents, _sessions, _lastItem) = (0, 0, 0, 0, 0, 0, -1);
    }

    /// <summary>Follows the log past an event that goes to the login this device belongs to.</summary>
    public void Follow(long position) => Version = Math.Max(Version, position);

    /// <summary>Notes that a device belongs to this login.</summary>
    public void Attach(Device device)
    {
        IsLogin = true;
        (_links ??= new DeviceLinks()).Put(device);
    }

    /// <summary>Notes that a device belongs to another login from now on. What happened on it so far stays here.</summary>
    public void Detach(string device) => _links?.Remove(device);

    /// <summary>Remembers what an impression exposed this device to, where the impression itself goes to its login.</summary>
    public void Expose(Event impression, Vocabulary words)
    {
        for (var i = 0; i < impression.Exposures.Count; i++)
        {
            _assignments.Add(impression.Exposures[i], Seconds(impression.Timestamp), Id, words);
        }
    }

    private void WriteDevices(IBufferWriter<byte> output)
    {
        output.WriteByte((byte)((IsLogin ? LoginFlag : 0) | (_links is null ? 0 : LinksFlag)));
        _links?.Write(output);
        _assignments.WriteDevices(output);
    }

    private void ReadDevices(ref BytesReader reader)
    {
        var flags = reader.ReadByte();
        IsLogin = (flags & LoginFlag) != 0;
        _links = (flags & LinksFlag) != 0 ? DeviceLinks.Read(ref reader) : null;
        _assignments.ReadDevices(ref reader);
    }

    private static uint Seconds(long milliseconds) => (uint)Math.Min(milliseconds / 1000, uint.MaxValue);
}
