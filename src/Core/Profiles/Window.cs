namespace Personalization.Core.Profiles;

/// <summary>A sliding window over a person's events, counted in panes: the error is at most one pane.</summary>
/// <param name="Name">Its name in features: <c>1m 5m 1h 1d 30d</c>.</param>
/// <param name="Seconds">Its length in seconds.</param>
/// <param name="PaneSeconds">The length of one pane in seconds.</param>
public sealed record Window(string Name, int Seconds, int PaneSeconds)
{
    /// <summary>The windows that every event type is counted in, shortest first (DESIGN §5).</summary>
    public static readonly IReadOnlyList<Window> All =
    [
        new("1m", 60, 5),
        new("5m", 300, 30),
        new("1h", 3_600, 300),
        new("1d", 86_400, 3_600),
        new("30d", 2_592_000, 86_400),
    ];

    /// <summary>Finds a window's place in <see cref="All"/> by its name; -1 where there is none.</summary>
    public static int IndexOf(string name)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
