using System.Buffers;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>What a person bought, when, and at which prices: the raw numbers behind revenue, recency, frequency and price sensitivity.</summary>
/// <remarks>
/// Amounts are whole ten-thousandths of the shop's currency and sums of logarithms whole ten-thousandths, because sums of whole
/// numbers are the same in whatever order they are made. Times are seconds since the Unix epoch.
/// </remarks>
internal struct Commerce
{
    /// <summary>Purchases nearer to the last one than this many seconds belong to its order.</summary>
    public const int OrderGapSeconds = UserProfile.SessionGapSeconds;

    private const double Scale = 10_000;

    // Beyond this, in ten-thousandths of the currency, sums stay where they are: 10^13 of any currency is no person's.
    internal const long MostAmount = 100_000_000_000_000_000;

    private RevenuePanes _panes;
    private long _revenue;
    private long _viewedLog;
    private long _chosenLog;
    private int _viewed;
    private int _chosen;

    /// <summary>Gets how many orders there were.</summary>
    public int Orders { get; private set; }

    /// <summary>Gets when the first order was made; 0 without one.</summary>
    public uint FirstOrder { get; private set; }

    /// <summary>Gets when the last purchase was made; 0 without one.</summary>
    public uint LastOrder { get; private set; }

    /// <summary>Gets the sum of price × quantity of all purchases, in the shop's currency.</summary>
    public readonly double Revenue => _revenue / Scale;

    /// <summary>Gets how many things with a price the person looked at.</summary>
    public readonly int Viewed => _viewed;

    /// <summary>Gets how many things with a price the person put into the cart or bought.</summary>
    public readonly int Chosen => _chosen;

    /// <summary>Gets the geometric mean of the prices looked at; NaN without any.</summary>
    public readonly double ViewedPrice => _viewed == 0 ? double.NaN : Math.Exp(_viewedLog / Scale / _viewed);

    /// <summary>Gets the geometric mean of the prices put into the cart or bought; NaN without any.</summary>
    public readonly double ChosenPrice => _chosen == 0 ? double.NaN : Math.Exp(_chosenLog / Scale / _chosen);

    /// <summary>Folds one event.</summary>
    /// <param name="source">The event.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="receivedAt">When the latest event was received, in milliseconds since the Unix epoch.</param>
    public void Fold(Event source, uint at, long receivedAt)
    {
        var isPurchase = source.Type == EventTypes.Purchase;
        if (isPurchase)
        {
            if (Orders == 0 || Math.Abs((long)at - LastOrder) >= OrderGapSeconds)
            {
                Orders++;
            }

            FirstOrder = FirstOrder == 0 ? at : Math.Min(FirstOrder, at);
            LastOrder = Math.Max(LastOrder, at);
        }

        if (!(source.Price > 0) || EventTypes.InterestWeight(source.Type) == 0)
        {
            return;
        }

        var log = (long)Math.Round(Math.Log(source.Price) * Scale);
        if (isPurchase || source.Type == EventTypes.AddToCart)
        {
            _chosenLog += log;
            _chosen++;
        }
        else
        {
            _viewedLog += log;
            _viewed++;
        }

        if (isPurchase)
        {
            var amount = (long)Math.Min(Math.Round(source.Price * source.Quantity * Scale), MostAmount);
            _revenue = Math.Min(_revenue + amount, MostAmount);
            _panes.Add(source.Timestamp, amount, receivedAt);
        }
    }

    /// <summary>Sums price × quantity of the purchases in a window, in the shop's currency.</summary>
    /// <param name="window">A place in <see cref="Window.All"/>, of one of <see cref="RevenuePanes.Windows"/>.</param>
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public readonly double RevenueIn(int window, long now) => _panes.Sum(window, now) / Scale;

    /// <summary>Takes over what another person did who turned out to be the same: associative and commutative.</summary>
    /// <param name="other">The other person's.</param>
    /// <param name="receivedAt">When the latest event of either was received, in milliseconds since the Unix epoch.</param>
    public void Merge(in Commerce other, long receivedAt)
    {
        Orders += other.Orders;
        FirstOrder = FirstOrder == 0 ? other.FirstOrder : other.FirstOrder == 0 ? FirstOrder : Math.Min(FirstOrder, other.FirstOrder);
        LastOrder = Math.Max(LastOrder, other.LastOrder);
        _revenue = Math.Min(_revenue + other._revenue, MostAmount);
        _viewedLog += other._viewedLog;
        _viewed += other._viewed;
        _chosenLog += other._chosenLog;
        _chosen += other._chosen;
        _panes.Merge(other._panes, receivedAt);
    }

    public readonly void Write(IBufferWriter<byte> output, long receivedAt)
    {
        output.WriteNumber(Orders);
        output.WriteNumber(FirstOrder);
        output.WriteNumber(LastOrder);
        output.WriteNumber(_revenue);
        output.WriteNumber(_viewed);
        output.WriteSigned(_viewedLog);
        output.WriteNumber(_chosen);
        output.WriteSigned(_chosenLog);
        _panes.Write(output, receivedAt);
    }

    public static Commerce Read(ref BytesReader reader) => new()
    {
        Orders = reader.ReadInt32(),
        FirstOrder = reader.ReadUInt32(),
        LastOrder = reader.ReadUInt32(),
        _revenue = reader.ReadNumber(),
        _viewed = reader.ReadInt32(),
        _viewedLog = reader.ReadSigned(),
        _chosen = reader.ReadInt32(),
        _chosenLog = reader.ReadSigned(),
        _panes = RevenuePanes.Read(ref reader),
    };
}
