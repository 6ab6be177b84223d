namespace Personalization.Core.Profiles;

public sealed partial class UserProfile
{
    /// <summary>Gives the moment after a time at which a window ceases to see the oldest events of a type that it sees; <see cref="long.MaxValue"/> where it sees none.</summary>
    internal long NextExpiry(string type, int window, long now)
    {
        var slot = Find(type);
        return slot < 0 ? long.MaxValue : _windows.NextExpiry(window, slot, now);
    }

    /// <summary>Gives the same for all windows and types.</summary>
    internal long NextExpiry(long now)
    {
        var next = long.MaxValue;
        for (var slot = 0; slot < _types.Length; slot++)
        {
            for (var window = 0; window < Window.All.Count; window++)
            {
                next = Math.Min(next, _windows.NextExpiry(window, slot, now));
            }
        }

        return next;
    }
}
