using System.Buffers;

namespace Personalization.Core.Profiles;

/// <summary>What joins a profile to others: the devices of a login, or the login that a device belongs to.</summary>
internal sealed class DeviceLinks
{
    /// <summary>The most devices that a login tells; the one joined longest ago gives way, and stays joined.</summary>
    public const int MostDevices = 64;

    /// <summary>Gets or sets the login that this device belongs to; null for a device that is nobody's, and for a login.</summary>
    public string? Owner { get; set; }

    /// <summary>Gets or sets when <see cref="Owner"/> was identified last, in milliseconds since the Unix epoch.</summary>
    public long LinkedAt { get; set; }

    /// <summary>Gets or sets the devices that belong to this login.</summary>
    public Device[] Devices { get; set; } = [];

    public void Put(Device device)
    {
        var others = Devices.Where(known => known.Id != device.Id).ToArray();
        Devices = [.. others.Skip(others.Length + 1 - MostDevices), device];
    }

    public void Remove(string device) => Devices = [.. Devices.Where(known => known.Id != device)];

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteText(Owner);
        if (Owner is not null)
        {
            output.WriteNumber(LinkedAt);
        }

        output.WriteNumber(Devices.Length);
        foreach (var device in Devices)
        {
            output.WriteText(device.Id);
            output.WriteByte(device.HasHistory ? (byte)1 : (byte)0);
        }
    }

    public static DeviceLinks Read(ref BytesReader reader)
    {
        var owner = reader.ReadText();
        var linkedAt = owner is null ? 0 : reader.ReadNumber();
        var devices = new Device[reader.ReadCount()];
        for (var i = 0; i < devices.Length; i++)
        {
            devices[i] = new Device(reader.ReadRequiredText(), reader.ReadByte() != 0);
        }

        return new DeviceLinks { Owner = owner, LinkedAt = linkedAt, Devices = devices };
    }
}
